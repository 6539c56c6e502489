"""What each login reaches at a nats-server with the accounts of an installation, also by having itself answered elsewhere."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from chassis.bus.streams import stream_config
from kiezctl.child import Child, Program
from kiezctl.embedded import find_binary, leash
from kiezctl.ports import HOST, SERVICES, free_port
from kiezctl.probe import connect
from kiezctl.provision.accounts import reload_nats
from kiezctl.provision.commands import renewed
from kiezctl.provision.nats_users import HEARS, OPERATOR, SYSTEM, durable, reader, reader_user, service_user
from kiezctl.provision.vault import Vault

READERS = ("library", "open-data")
LOGINS = (*SERVICES, *READERS)
# Answers without a body, of which some requests of JetStream are made.
NOTHING = b'{"no_wait": true, "batch": 1}'
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


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    vault = Vault(tmp_path / "vault", tmp_path / "secrets")
    vault.fill(())
    for name in READERS:
        vault.add_reader(name, (), "00")
    port = free_port()
    async with _running(tmp_path, port):
        running = Server(vault, port)
        await _provide(running)
        yield running


@asynccontextmanager
async def _running(folder: Path, port: int, more: str = "") -> AsyncIterator[None]:
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
    for name, stream in _durables():
        await _provide_durable(server, name, stream)


async def _provide_durable(server: Server, name: str, stream: str) -> None:
    operator = await server.client(OPERATOR)
    wanted = f"kiez.pub.{stream}.v1.>" if name.startswith("reader-") else f"kiez.*.{stream}.v1.>"
    config = ConsumerConfig(
        durable_name=name, filter_subjects=[wanted], ack_policy=AckPolicy.EXPLICIT, ack_wait=ACK_SECONDS
    )
    await operator.jetstream().add_consumer(stream.upper(), config)
    await operator.close()


async def _take_one_each(server: Server) -> None:
    """Have a message at work in each durable: none else can be acknowledged."""
    operator = await server.client(OPERATOR)
    for name, stream in _durables():
        await (await operator.jetstream().pull_subscribe_bind(name, stream=stream.upper())).fetch(1, timeout=2)
    await operator.close()


def _durables() -> list[tuple[str, str]]:
    of_services = [(durable(name, stream), stream) for name in SERVICES for stream in HEARS[name]]
    return of_services + [(durable(reader(name), stream), stream) for name in READERS for stream in SERVICES]


async def _kept(server: Server) -> dict[str, Any]:
    """How many messages each stream holds, and up to which each durable has had them acknowledged."""
    operator = await server.client(OPERATOR)
    js = operator.jetstream()
    found: dict[str, Any] = {}
    for info in await js.streams_info():
        found[str(info.config.name)] = info.state.messages
        for one in await js.consumers_info(str(info.config.name)):
            acknowledged = one.ack_floor.stream_seq if one.ack_floor else 0
            found[one.name] = acknowledged
    await operator.close()
    return found


def _requests(name: str) -> list[str]:
    user = reader_user(name) if name in READERS else service_user(name)
    return [subject for subject in user.publish if subject.startswith("$JS.API.")]


def _elsewhere(name: str) -> list[str]:
    """Subjects that a login may not publish to, and at which something would happen."""
    others = [service for service in SERVICES if service != name]
    said = [f"kiez.{audience}.{other}.v1.said.{PLACE}" for audience in ("pub", "int") for other in others]
    asked = [f"$JS.API.STREAM.{verb}.{stream.upper()}" for verb in ("PURGE", "DELETE") for stream in SERVICES]
    of_others = [(one, stream) for one, stream in _durables() if one.removeprefix("reader-").rpartition("-")[0] != name]
    ended = [f"$JS.ACK.{stream.upper()}.{one}.1.1.1.0.0" for one, stream in of_others]
    ended += [f"$JS.API.CONSUMER.DELETE.{stream.upper()}.{one}" for one, stream in of_others]
    return [*said, *ended, *asked]


@pytest.mark.parametrize("name", LOGINS)
async def test_an_answer_goes_nowhere_that_its_asker_may_not_publish(server: Server, name: str) -> None:
    await _take_one_each(server)
    before = await _kept(server)
    client = await server.client(name)
    # What waits is taken first: where nothing is left, the next answer has no body.
    for body in (b"", NOTHING, NOTHING, NOTHING):
        for request in _requests(name):
            for reply in _elsewhere(name):
                await client.publish(request, body, reply=reply)
    await client.flush()
    await client.close()
    assert await _kept(server) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_says_its_facts_and_hears_from_its_durables_alone(server: Server, name: str) -> None:
    client = await server.client(name)
    js = client.jetstream(timeout=2)
    assert (await js.account_info()).streams == len(SERVICES)
    for audience in ("pub", "int"):
        said = await js.publish(f"kiez.{audience}.{name}.v1.said.{PLACE}", b"{}", headers={"Nats-Msg-Id": audience})
        assert (said.stream, said.seq, bool(said.duplicate)) == (name.upper(), said.seq, False)
        again = await js.publish(f"kiez.{audience}.{name}.v1.said.{PLACE}", b"{}", headers={"Nats-Msg-Id": audience})
        assert again.duplicate
    assert (await js.get_msg(name.upper(), 1)).subject == f"kiez.pub.{name}.v1.said.{PLACE}"
    for stream in HEARS[name]:
        assert await _heard(js, durable(name, stream), stream) == ["pub", "int"]
    await client.close()


async def test_what_is_kept_has_no_word_of_how_it_came(server: Server) -> None:
    client = await server.client("funds")
    said = await client.jetstream().publish(f"kiez.pub.funds.v1.said.{PLACE}", b"{}", headers={"ce-id": "1"})
    assert (await client.jetstream().get_msg("FUNDS", said.seq)).headers == {"ce-id": "1"}
    await client.close()


async def test_a_reader_pulls_listens_and_waits_for_what_comes(server: Server) -> None:
    client = await server.client("library")
    js = client.jetstream(timeout=2)
    listening = await client.subscribe("kiez.pub.>")
    pulling = await js.pull_subscribe_bind("reader-library-funds", stream="FUNDS")
    assert await _heard(js, "reader-library-funds", "funds") == ["pub"]
    waiting = asyncio.create_task(pulling.fetch(1, timeout=5))
    funds = await server.client("funds")
    await funds.jetstream().publish(f"kiez.int.funds.v1.paid.{PLACE}", b"{}")
    await funds.jetstream().publish(f"kiez.pub.funds.v1.awarded.{PLACE}", b"{}")
    (pulled,) = await waiting
    await pulled.ack_sync(timeout=2)
    assert pulled.subject == (await listening.next_msg(2)).subject == f"kiez.pub.funds.v1.awarded.{PLACE}"
    assert (await js.consumer_info("FUNDS", "reader-library-funds")).num_ack_pending == 0
    await client.close()
    await funds.close()


async def test_a_reader_comes_and_goes_while_the_others_stay(server: Server) -> None:
    funds, library = await server.client("funds"), await server.client("library")
    await _provide_durable(server, "reader-archive-funds", "funds")
    server.vault.add_reader("archive", (), "00")
    assert await reload_nats(server.url, server.vault.logins / f"{SYSTEM}.nk") == 1
    archive = await nats.connect(
        server.url, nkeys_seed=str(server.vault.readers / "archive.nk"), inbox_prefix=b"_INBOX_reader-archive"
    )
    assert await _heard(archive.jetstream(timeout=2), "reader-archive-funds", "funds") == ["pub"]
    await archive.close()
    server.vault.remove_reader("archive", ())
    await reload_nats(server.url, server.vault.logins / f"{SYSTEM}.nk")
    assert "archive" not in server.vault.accounts()
    await funds.jetstream(timeout=2).publish(f"kiez.pub.funds.v1.awarded.{PLACE}", b"{}")
    assert await _heard(library.jetstream(timeout=2), "reader-library-funds", "funds") == ["pub", "pub"]
    for client in (funds, library):
        assert client.stats["reconnects"] == 0
        await client.close()


async def _heard(js: Any, name: str, stream: str) -> list[str]:
    """The audiences of what a durable gives, until nothing is left."""
    pulling = await js.pull_subscribe_bind(name, stream=stream.upper())
    found = []
    while (await pulling.consumer_info()).num_pending:
        for message in await pulling.fetch(10, timeout=2):
            found.append(message.subject.split(".")[1])
            await message.ack_sync(timeout=2)
    return found


async def test_a_certificate_that_is_renewed_is_shown_without_a_restart(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault", tmp_path / "secrets")
    vault.fill(())
    folder, port = vault.handed_out / "nats", free_port()
    tls = f'cert_file: "{folder}/certificate.pem", key_file: "{folder}/key.pem", handshake_first: true'
    async with _running(tmp_path, port, f"tls {{ {tls} }}\n"):
        first = await _shown(port)
        assert not renewed(vault, ())
        assert renewed(vault, ("other.example",))
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("KIEZ_TLS_CA", str(vault.folder / "ca.pem"))
            await reload_nats(f"tls://{HOST}:{port}", vault.logins / f"{SYSTEM}.nk")
        assert await _shown(port) != first


async def _shown(port: int) -> bytes | None:
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(HOST, port, ssl=anything)
    shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return shown
