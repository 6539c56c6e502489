"""What rows run on: a city of real servers, services and raw servers as processes of their own, and calls in bytes."""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc

from chassis.ports import Role, new_id
from kiezctl.child import Child, Program
from kiezctl.embedded import leash
from kiezctl.home import ROOT
from kiezctl.issuer import ISSUER
from kiezctl.ports import HOST
from kiezctl.probe import connect, get
from kiezctl.strip import free_port
from tests.support.city import NOBODY, City
from tests.support.client import Client, message_types

START_SECONDS = 60.0
CALL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each row does: whole for numbers that count, quick to see that it runs."""

    rounds: int
    calls: int
    lists: tuple[int, ...]
    idle_seconds: float


WHOLE = Sizes(rounds=7, calls=600, lists=(1_000, 10_000, 100_000), idle_seconds=60.0)
QUICK = Sizes(rounds=1, calls=12, lists=(100,), idle_seconds=0.5)


@dataclass(slots=True)
class Served:
    """A service that runs as a process of its own; `client` is for setting up, `caller` for measuring."""

    city: City
    name: str
    store_name: str
    port: int
    pid: int
    client: Client

    async def call(self, rpc: str, request: dict[str, Any], *roles: Role, sub: str = "") -> Any:
        return await self.client.call(rpc, request, token=self.city.token(*roles, sub=sub or "office"), metadata={})

    async def now(self) -> datetime:
        """The machine's clock: nobody moves this service's."""
        return datetime.now(UTC)

    def caller(
        self, rpc: str, *roles: Role, sub: str = ""
    ) -> Callable[[dict[str, Any]], Callable[[], Awaitable[bytes]]]:
        """A call of `rpc` that is made ready in full: measuring it measures no preparation."""
        service, _, method = rpc.partition("/")
        full = f"kiezwerk.{self.name}.v1.{service}"
        request_type, _ = message_types(full, method)
        # One token for all: a client asks for one an hour.
        headers = [("authorization", f"Bearer {self.city.token(*roles, sub=sub)}")] if roles or sub else []
        invoke: Any = self.client.channel.unary_unary(f"/{full}/{method}")

        def ready(fields: dict[str, Any]) -> Callable[[], Awaitable[bytes]]:
            data = request_type(**fields).SerializeToString()
            return lambda: invoke(data, timeout=CALL_SECONDS, metadata=headers)

        return ready


@asynccontextmanager
async def served(city: City, name: str, **more: str) -> AsyncIterator[Served]:
    """Run `services.<name>` on a store of its own; `more` are further settings by their environment names."""
    ports, store_name = (free_port(), free_port()), f"{name}_{new_id()[-12:]}"
    prefix = name.upper()
    own = {
        f"{prefix}_STORE_URI": city.store_uri,
        f"{prefix}_STORE_NAME": store_name,
        f"{prefix}_NATS_URL": city.nats_url,
        f"{prefix}_GRPC_ADDRESS": f"{HOST}:{ports[0]}",
        f"{prefix}_HTTP_ADDRESS": f"{HOST}:{ports[1]}",
        f"{prefix}_JWKS": str(city.folder / "jwks.json"),
        f"{prefix}_TOKEN_FILE": str(city.folder / "token"),
        f"{prefix}_PERSON_KEY_FILE": str(city.folder / "person.key"),
        f"{prefix}_PUBLIC_URL": "https://kiez.test",
        "KIEZ_ISSUER": ISSUER,
        "KIEZ_LOG_LEVEL": "warning",
        "KIEZ_CALLS_PER_SECOND": "0",
        "KIEZ_OPEN_CALLS_PER_SECOND": "0",
    }
    neighbours = {f"{prefix}_{other}_ADDRESS": NOBODY for other in ("ACTORS", "FUNDS", "EVENTS", "NOTIFY")}

    async def ready() -> None:
        await get(f"http://{HOST}:{ports[1]}/readyz")

    command = (sys.executable, "-m", f"services.{name}")
    program = Program(name, command, city.folder / f"{store_name}.log", ready, env=neighbours | own | more, folder=ROOT)
    async with _running(program) as child:
        client = Client(f"{HOST}:{ports[0]}", name)
        try:
            yield Served(city, name, store_name, ports[0], child.pid, client)
        finally:
            await client.channel.close()


@asynccontextmanager
async def raw_server(city: City, what: str, *words: str) -> AsyncIterator[Callable[[bytes], Awaitable[bytes]]]:
    """A bare grpc.aio server of bench.raw; answers what calls it with bytes."""
    port = free_port()

    async def ready() -> None:
        await connect(port)

    command = (sys.executable, "-m", "bench.raw", what, str(port), *words)
    program = Program(f"raw {what}", command, city.folder / f"raw-{what}.log", ready, folder=ROOT)
    async with _running(program), grpc.aio.insecure_channel(f"{HOST}:{port}") as channel:
        invoke: Any = channel.unary_unary(f"/raw/{what}")
        yield lambda data: invoke(data, timeout=CALL_SECONDS)


@asynccontextmanager
async def _running(program: Program) -> AsyncIterator[Child]:
    with leash() as held:
        child = Child(program, held)
        try:
            await child.start(within=START_SECONDS)
            yield child
        finally:
            await child.stop(within=5)


async def same_indexes(source: Any, target: Any) -> None:
    """Give one collection the indexes of another: to keep them is part of what any program must do for these rows."""
    async for index in source.list_indexes():
        if index["name"] != "_id_":
            options = {key: index[key] for key in ("unique", "partialFilterExpression", "name") if key in index}
            await target.create_index(list(index["key"].items()), **options)


def resident_bytes(pid: int) -> int:
    """What a process holds in memory now (RSS)."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123 - a file of the kernel
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
