"""The embedded servers: a real nats-server and a store that speaks MongoDB's protocol, each a process of its own."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from kiezctl.child import Child, Leash, Program
from kiezctl.ports import HOST
from kiezctl.probe import connect, get
from kiezctl.strip import free_port
from kiezctl.trouble import Trouble

NATS_CONFIG = """\
listen: "{host}:{port}"
http: "{host}:{monitor_port}"
server_name: kiezwerk
jetstream {{
  store_dir: {folder}
  # Without it an acknowledged message may be lost when the machine loses power.
  sync_interval: always
}}
"""


class MissingBinary(Trouble):
    """A server's program is not installed."""


def find_binary(name: str) -> str:
    """The full path of a program, next to this Python first; raises MissingBinary."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise MissingBinary(f"The program {name} is not installed; `make up` installs it, or name its folder in PATH.")
    return found


def nats_program(folder: Path, port: int, monitor_port: int) -> Program:
    """A nats-server with JetStream on disk, every acknowledged message synced; its log is `<folder>/nats.log`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = folder / "nats.conf"
    # A JSON string is a valid string of the config's syntax, whatever the path holds.
    quoted = json.dumps(str(folder / "streams"))
    config.write_text(NATS_CONFIG.format(host=HOST, port=port, monitor_port=monitor_port, folder=quoted))

    async def ready() -> None:
        jetstream = json.loads(await get(f"http://{HOST}:{monitor_port}/jsz"))
        if jetstream["config"].get("sync_always") is not True:
            raise ValueError("nats-server does not sync every message")
        await connect(port)

    command = (find_binary("nats-server"), "--config", str(config))
    return Program("nats-server", command, folder / "nats.log", ready)


def store_program(folder: Path, port: int, *, name: str = "store") -> Program:
    """A store that syncs on every commit; its log is `<folder>.log`. KIEZ_STORE_SERVER names another binary."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = (
        find_binary(os.environ.get("KIEZ_STORE_SERVER") or "secantusd-py"),
        "--host", HOST, "--port", str(port), "--storage-path", str(folder),
        "--sync-on-commit", "--cache-size", "256M", "--log-level", "WARNING",
    )  # fmt: skip
    # From inside its own folder no configuration file of the person who starts it is found.
    return Program(name, command, folder.with_suffix(".log"), lambda: connect(port), folder=folder)


def store_uri(port: int) -> str:
    """The URI with which a service asks for writes that survive a crash."""
    return f"mongodb://{HOST}:{port}/?directConnection=true&w=majority&journal=true&retryWrites=true"


async def give_up_what_was_begun(port: int) -> None:
    """End what a service that died had begun in its store, which for a minute would keep everybody from writing the same.

    Only where nobody else uses the store.
    """

    def end() -> None:
        with (
            suppress(PyMongoError),
            MongoClient[dict[str, Any]](store_uri(port), serverSelectionTimeoutMS=1_000) as client,
        ):
            client.admin.command({"killAllSessions": []})

    await asyncio.to_thread(end)


@dataclass(frozen=True)
class NatsServer:
    """A running nats-server; `child` may be killed and started again, the data stays."""

    url: str
    monitor_url: str
    child: Child


@dataclass(frozen=True)
class StoreServer:
    """A running store; `child` may be killed and started again, the data stays."""

    uri: str
    child: Child


@asynccontextmanager
async def nats_server(folder: Path, port: int = 0) -> AsyncIterator[NatsServer]:
    """Run a nats-server on `folder` for a while; port 0 takes a free one. Raises ChildFailed, MissingBinary."""
    port, monitor_port = port or free_port(), free_port()
    async with _running(nats_program(folder, port, monitor_port)) as child:
        yield NatsServer(f"nats://{HOST}:{port}", f"http://{HOST}:{monitor_port}", child)


@asynccontextmanager
async def store_server(folder: Path, port: int = 0) -> AsyncIterator[StoreServer]:
    """Run a store on `folder` for a while; port 0 takes a free one. Raises ChildFailed, MissingBinary."""
    port = port or free_port()
    async with _running(store_program(folder, port)) as child:
        yield StoreServer(store_uri(port), child)


@asynccontextmanager
async def _running(program: Program) -> AsyncIterator[Child]:
    with leash() as held:
        child = Child(program, held)
        try:
            await child.start()
            yield child
        finally:
            # Both are made to survive it, and it saves a test two seconds.
            await child.kill()


@contextmanager
def leash() -> Iterator[Leash]:
    """A leash for children that end with this block at the latest."""
    held = Leash()
    try:
        yield held
    finally:
        held.close()
