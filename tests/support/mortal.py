"""A service that dies behind each request of each command in turn, comes again, and is asked again.

Unlike in the other rings, nothing is left to chance: the store's traffic is cut behind the first request of a command's transaction, then behind the second, and so
on to its commit, whose answer nobody gets; each time the process is killed and another one started.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from motor.motor_asyncio import AsyncIOMotorClient

from chassis.ports import Role, new_id
from kiezctl.embedded import store_server
from kiezctl.ports import HOST
from tests.support.city import City
from tests.support.client import Client, Refused, message_types
from tests.support.forked import Forked
from tests.support.proxy import Proxy, a_proxy

# Every request of a transaction says so; what else goes to the store does not count.
IN_TRANSACTION = b"autocommit"
# What of it leaves something behind: between two reads a death is no other than before the first one.
WRITES = tuple(
    mark + b"\x00" for mark in (b"\x10bulkWrite", b"\x02insert", b"\x02update", b"\x02delete", b"\x10commitTransaction")
)
# Of these the life of a grant has the deaths already.
SPARED = frozenset(
    {"PlanTitle", "CreateFund", "PlanBudget", "ReleaseBudget", "DraftApplication", "SubmitApplication"}
    | {"AdmitApplication", "AwardApplication"}
)
READS = ("Get", "List", "Verify")
# On a busy machine the last request of the dead one reaches the store when its sessions are ended already: what that begins stands in
# everybody's way until the store gives it up, after a minute.
FREE_SECONDS = 90


@dataclass
class Mortal:
    """Calls a service as `Started` does, letting it die behind each request of each command in turn."""

    city: City
    store: Any
    forked: Forked
    proxy: Proxy
    spared: frozenset[str] = frozenset()
    behind: tuple[bytes, ...] = (IN_TRANSACTION,)
    client: Client | None = None
    deaths: Counter[str] = field(default_factory=Counter)

    async def call(self, rpc: str, request: dict[str, Any], *roles: Role, sub: str = "") -> Any:
        name, sub = rpc.rpartition("/")[2], sub or "office"
        if "kiezwerk.lab" in rpc or name.startswith(READS):
            return await self._ask(rpc, request, roles, sub)
        if "request_id" in _fields_of(rpc):
            request = {"request_id": new_id(), **request}
        if name in self.spared:
            return await self._ask(rpc, request, roles, sub)
        while True:
            self._arm(self.deaths[name] + 1, self.behind)
            asked = asyncio.create_task(self._ask(rpc, request, roles, sub))
            cut = asyncio.create_task(self.proxy.was_cut.wait())
            await asyncio.wait((asked, cut), return_when=asyncio.FIRST_COMPLETED)
            if not cut.done():
                cut.cancel()
                self.proxy.cut_behind = None
                return await asked
            asked.cancel()
            self.deaths[name] += 1
            await self._born_again()
            await asyncio.gather(asked, return_exceptions=True)

    async def _ask(self, rpc: str, request: dict[str, Any], roles: tuple[Role, ...], sub: str) -> Any:
        token = self.city.token(*roles, sub=sub) if roles or sub else ""
        assert self.client is not None
        async with asyncio.timeout(FREE_SECONDS):
            while True:
                try:
                    return await self.client.call(rpc, request, token=token, metadata={})
                except Refused as refusal:
                    if refusal.code not in {"DEADLINE_EXCEEDED", "UNAVAILABLE"} and refusal.reason != "BUSY":
                        raise

    def _arm(self, behind: int, marks: tuple[bytes, ...] = (IN_TRANSACTION,)) -> None:
        seen = 0

        def is_the_one(piece: bytes) -> bool:
            nonlocal seen
            seen += sum(piece.count(mark) for mark in marks) if IN_TRANSACTION in piece else 0
            return seen >= behind

        self.proxy.cut_behind = is_the_one

    async def _born_again(self) -> None:
        await asyncio.to_thread(self.forked.kill)
        await self.proxy.heal()
        # What the dead one had begun stands in everybody's way until the store gives it up, which takes it a minute.
        await self.store.admin.command({"killAllSessions": []})
        await self.begin()

    async def begin(self) -> None:
        if self.client is not None:
            await self.client.channel.close()
        self.client = Client(await self.forked.start(), "funds")

    async def end(self) -> None:
        assert self.client is not None
        await self.client.channel.close()
        await asyncio.to_thread(self.forked.kill)
        self.store.close()

    async def now(self) -> datetime:
        answer = await self._ask("kiezwerk.lab.v1.LabService/GetTime", {}, (Role("operator"),), "")
        found: datetime = answer.time.ToDatetime(UTC)
        return found

    async def move_clock(self, instant: datetime) -> None:
        time = instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
        try:
            await self._ask("kiezwerk.lab.v1.LabService/SetTime", {"time": time}, (Role("operator"),), "")
        except Refused as refusal:
            # It moved, and was too busy to answer in time; asked again it reads more already.
            if refusal.reason != "TIME_GOES_FORWARD":
                raise


def _fields_of(rpc: str) -> Any:
    service, _, method = rpc.partition("/")
    return message_types(f"kiezwerk.funds.v1.{service}", method)[0].DESCRIPTOR.fields_by_name


@asynccontextmanager
async def a_mortal(city: City, **more: Any) -> AsyncIterator[Mortal]:
    """On a store of its own: the sessions of all who use it are ended again and again."""
    async with store_server(city.folder / f"store-{new_id()[-12:]}") as server:
        port = urlsplit(server.uri).port or 0
        async with a_proxy(port) as proxy:
            uri = server.uri.replace(f":{port}", f":{proxy.port}")
            env = {"FUNDS_STORE_URI": uri, "FUNDS_ACTORS_ADDRESS": f"{HOST}:1"}
            forked = Forked(city, "funds", f"funds_{new_id()[-12:]}", **env)
            mortal = Mortal(city, AsyncIOMotorClient(server.uri), forked, proxy, **more)
            await mortal.begin()
            try:
                yield mortal
            finally:
                await mortal.end()


async def said_once(city: City, *aggregates: str) -> dict[str, list[str]]:
    """In the stream, as an outsider has it: each fact of each of them once, in its order; answers their names."""
    subscription = await city.jetstream.subscribe("kiez.*.funds.v1.>", stream="FUNDS", ordered_consumer=True)
    last = (await city.jetstream.stream_info("FUNDS")).state.last_seq
    said: dict[str, list[str]] = {aggregate: [] for aggregate in aggregates}
    while True:
        message = await subscription.next_msg(timeout=10)
        headers = message.headers or {}
        if (facts := said.get(headers["ce-subject"])) is not None:
            facts.append(headers["ce-type"].rpartition(".")[2])
            assert int(headers["ce-sequence"]) == len(facts)
        if message.metadata.sequence.stream >= last:
            break
    await subscription.unsubscribe()
    assert all(said.values())
    return said
