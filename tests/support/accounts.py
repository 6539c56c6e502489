"""A nats-server with the accounts, streams and durables of an installation, for tests of what its logins reach."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from chassis.bus.streams import stream_config
from kiezctl.child import Child, Program
from kiezctl.embedded import find_binary, leash
from kiezctl.ports import HOST, SERVICES
from kiezctl.probe import connect
from kiezctl.provision.nats_users import HEARS, OPERATOR, durable, reader
from kiezctl.provision.vault import Vault
from kiezctl.strip import free_port

READERS = ("library", "open-data")
ACK_SECONDS = 60.0
PLACE = "11.1140.114009.0"


class Server:
    """A nats-server that runs, with the streams and durables of an installation; `vault` has the logins."""

    def __init__(self, vault: Vault, port: int) -> None:
        self.vault, self.url = vault, f"nats://{HOST}:{port}"

    async def client(self, name: str) -> Client:
        user = reader(name) if name in READERS else name
        folder = self.vault.readers if name in READERS else self.vault.logins
        return await nats.connect(
            self.url, nkeys_seed=str(folder / f"{name}.nk"), inbox_prefix=f"_INBOX_{user}".encode(), error_cb=_told
        )


async def _told(error: Exception) -> None:
    """What a login may not is refused, and the connection stays."""


@asynccontextmanager
async def a_provided_nats(folder: Path) -> AsyncIterator[Server]:
    """A server on which an installation is provided with all of it, and one public and one internal message in each stream."""
    vault = Vault(folder / "vault", folder / "secrets")
    vault.fill(())
    for name in READERS:
        vault.add_reader(name, (), "00")
    port = free_port()
    async with a_nats(folder, port):
        running = Server(vault, port)
        await _provide(running)
        yield running


@asynccontextmanager
async def a_nats(folder: Path, port: int, more: str = "") -> AsyncIterator[None]:
    """A nats-server by the accounts that are handed out in `folder`."""
    config, data = folder / "nats.conf", json.dumps(str(folder / "data"))
    accounts = 'include "secrets/nats/accounts.conf"'
    config.write_text(f'listen: "{HOST}:{port}"\njetstream {{ store_dir: {data} }}\n{more}{accounts}\n')
    command = (find_binary("nats-server"), "--config", str(config))
    with leash() as held:
        child = Child(Program("nats", command, folder / "nats.log", lambda: connect(port)), held)
        await child.start()
        try:
            yield
        finally:
            await child.kill()


async def _provide(server: Server) -> None:
    operator = await server.client(OPERATOR)
    js = operator.jetstream()
    for service in SERVICES:
        await js.add_stream(stream_config(service, 1))
        await js.publish(f"kiez.pub.{service}.v1.said.{PLACE}", b'{"state": {}}')
        await js.publish(f"kiez.int.{service}.v1.said.{PLACE}", b'{"state": {}}')
    await operator.close()
    for name, stream in durables():
        await provide_durable(server, name, stream)


async def provide_durable(server: Server, name: str, stream: str) -> None:
    operator = await server.client(OPERATOR)
    wanted = f"kiez.pub.{stream}.v1.>" if name.startswith("reader-") else f"kiez.*.{stream}.v1.>"
    config = ConsumerConfig(
        durable_name=name, filter_subjects=[wanted], ack_policy=AckPolicy.EXPLICIT, ack_wait=ACK_SECONDS
    )
    await operator.jetstream().add_consumer(stream.upper(), config)
    await operator.close()


def durables() -> list[tuple[str, str]]:
    of_services = [(durable(name, stream), stream) for name in SERVICES for stream in HEARS[name]]
    return of_services + [(durable(reader(name), stream), stream) for name in READERS for stream in SERVICES]


async def heard(js: Any, name: str, stream: str) -> list[str]:
    """The audiences of what a durable gives, until nothing is left."""
    pulling = await js.pull_subscribe_bind(name, stream=stream.upper())
    found = []
    while (await pulling.consumer_info()).num_pending:
        for message in await pulling.fetch(10, timeout=10):
            found.append(message.subject.split(".")[1])
            await message.ack_sync(timeout=10)
    return found
