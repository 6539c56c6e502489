"""Two commands interleaved: one is stopped before each of its store operations in turn, and the other let in there.

They come to two replicas of a service, so that no lock of a process keeps them apart. Meeting in the store they conflict: then the first is let go
on, and the second tries again, as it would by itself. Each is known by the correlation id that it was called with: timers and consumers that
work beside them are left alone.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from chassis import logs
from chassis.ports import Role, new_id
from tests.support.city import City, Started, a_quiet_city, eventually
from tests.support.client import Refused, insisting
from tests.support.gate import GATE, STOPPED_SECONDS

Command = Callable[[], Awaitable[Any]]
Asked = Callable[[Started], Command]
BOTH_WAYS = pytest.mark.parametrize("turned", [False, True])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What two commands came to: an answer or the reason of a refusal each, and whether they met in the store."""

    first: Any
    second: Any
    met: bool

    @property
    def reasons(self) -> list[str]:
        return [told.reason for told in (self.first, self.second) if isinstance(told, Refused)]

    @property
    def done(self) -> int:
        """How many of the two were carried out."""
        return 2 - len(self.reasons)


async def told(command: Command, correlation_id: str) -> Any:
    with logs.correlated(correlation_id):
        try:
            # Where the first takes its time to commit, the second is BUSY.
            return await insisting(command)
        except Refused as refusal:
            return refusal


async def interleaved(first: Command, second: Command, stop_at: int) -> Outcome | None:
    """`second` comes while `first` stands before operation `stop_at`; None when `first` has fewer operations."""
    one, two = new_id(), new_id()
    GATE.arm(stop_at, one, two)
    running = asyncio.create_task(told(first, one))
    stopped = asyncio.create_task(GATE.stopped.wait())
    await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not stopped.done():
            await running
            return None
        other, met = asyncio.create_task(told(second, two)), asyncio.create_task(GATE.met.wait())
        await asyncio.wait((other, met), return_when=asyncio.FIRST_COMPLETED, timeout=STOPPED_SECONDS / 2)
        did_meet = met.done()
        GATE.release()
        met.cancel()
        return Outcome(await running, await other, did_meet)
    finally:
        GATE.release()
        stopped.cancel()


async def at_every_step(prepare: Callable[[], Awaitable[tuple[Command, Command]]]) -> AsyncIterator[Outcome]:
    """The outcome for each operation of the first command in turn, freshly prepared each time."""
    stop_at = 1
    while True:
        first, second = await prepare()
        outcome = await interleaved(first, second, stop_at)
        if outcome is None:
            break
        yield outcome
        stop_at += 1
    # Fewer would mean that nothing was stopped inside of a transaction that reads, writes and commits.
    assert stop_at > 3, "the first command was hardly stopped at all"


@dataclass(frozen=True, slots=True)
class Replicas:
    """One service twice, on one store."""

    one: Started
    two: Started

    async def reach(self, instant: Any) -> None:
        """Move the calendar clock of both."""
        await self.one.move_clock(max(instant, await self.one.now()))
        there = await self.one.now()

        async def both() -> bool:
            return await self.two.now() >= there

        await eventually(both)


@asynccontextmanager
async def replicas(city: City, name: str, **more: Any) -> AsyncIterator[Replicas]:
    store_name = f"{name}_{new_id()[-12:]}"
    async with (
        a_quiet_city(city) as quiet,
        quiet.service(name, store_name, **more) as one,
        quiet.service(name, store_name, **more) as two,
    ):
        yield Replicas(one, two)


def asking(rpc: str, role: Role, sub: str, **fields: Any) -> Asked:
    """A command, for whichever replica it comes to."""
    return lambda service: lambda: service.call(rpc, fields, role, sub=sub)


def in_turn(both: Replicas, one: Asked, other: Asked, turned: bool) -> tuple[Command, Command]:
    """`one` is stopped and `other` let in, or turned round."""
    return (other(both.one), one(both.two)) if turned else (one(both.one), other(both.two))
