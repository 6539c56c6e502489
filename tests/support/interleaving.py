"""Two commands interleaved: one is stopped before each of its store operations in turn, and the other let in there.

They come to two replicas of a service, so that no lock of a process keeps them apart. Meeting in the store they conflict: then the first is let go
on, and the second tries again, as it would by itself. Each is known by the correlation id that it was called with: timers and consumers that
work beside them are left alone.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pymongo import monitoring

from chassis import logs
from chassis.ports import new_id
from tests.support.city import City, Started, a_quiet_city, eventually
from tests.support.client import Refused

STOPPED_SECONDS = 20.0
Command = Callable[[], Awaitable[Any]]


class _Gate(monitoring.CommandListener):
    """Stops the transaction of one call, in its driver's own thread, before its n-th operation."""

    def __init__(self) -> None:
        self._stop_at = 0

    def arm(self, stop_at: int, first: str, second: str) -> None:
        """The call with the correlation id `first` is stopped before operation `stop_at` (1 is its first)."""
        self._loop = asyncio.get_running_loop()
        self.stopped, self.met = asyncio.Event(), asyncio.Event()
        self._go = threading.Event()
        self._first, self._second = first, second
        self._seen, self._stop_at = 0, stop_at

    def release(self) -> None:
        self._stop_at = 0
        self._go.set()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        # Operations of one call follow one another: nothing else counts here at the same time.
        if not self._stop_at or "autocommit" not in event.command or logs.correlation_id() != self._first:
            return
        self._seen += 1
        if self._seen == self._stop_at:
            self._loop.call_soon_threadsafe(self.stopped.set)
            self._go.wait(STOPPED_SECONDS)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to do."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        if self._stop_at and logs.correlation_id() == self._second:
            self._loop.call_soon_threadsafe(self.met.set)


_GATE = _Gate()
# Before any client is made: those that are there already are not listened to.
monitoring.register(_GATE)


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


async def _told(command: Command, correlation_id: str) -> Any:
    with logs.correlated(correlation_id):
        try:
            return await command()
        except Refused as refusal:
            return refusal


async def interleaved(first: Command, second: Command, stop_at: int) -> Outcome | None:
    """`second` comes while `first` stands before operation `stop_at`; None when `first` has fewer operations."""
    one, two = new_id(), new_id()
    _GATE.arm(stop_at, one, two)
    running = asyncio.create_task(_told(first, one))
    stopped = asyncio.create_task(_GATE.stopped.wait())
    await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not stopped.done():
            await running
            return None
        other, met = asyncio.create_task(_told(second, two)), asyncio.create_task(_GATE.met.wait())
        await asyncio.wait((other, met), return_when=asyncio.FIRST_COMPLETED, timeout=STOPPED_SECONDS / 2)
        did_meet = met.done()
        _GATE.release()
        met.cancel()
        return Outcome(await running, await other, did_meet)
    finally:
        _GATE.release()
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
        a_quiet_city(city) as left,
        a_quiet_city(city) as right,
        left.service(name, store_name, **more) as one,
        right.service(name, store_name, **more) as two,
    ):
        yield Replicas(one, two)
