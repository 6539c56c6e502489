"""The calendar of all four services: it goes forward while work goes on, whenever a piece of work waits for a day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiezctl.ports import SERVICES
from tests.faults.caller import Caller, NotAnswered
from tests.faults.people import OPERATOR

BERLIN = ZoneInfo("Europe/Berlin")
# Where a day that was moved to begins: far from midnight in Berlin.
MORNING = time(9, tzinfo=UTC)


@dataclass
class Calendar:
    """Made by `read_calendar`. `_ahead` is how much later it reads than the machine's clock.

    `_wanted` are the days that somebody waits for, `_last` those beyond which it must not go yet.
    """

    caller: Caller
    _ahead: timedelta = timedelta()
    _wanted: list[date] = field(default_factory=list)
    _last: list[date] = field(default_factory=list)
    _is_moving: bool = False
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def now(self) -> datetime:
        """What each service reads at least: while it moves, some are further."""
        return datetime.now(UTC) + self._ahead

    @property
    def today(self) -> date:
        """The day in Berlin."""
        return self.now.astimezone(BERLIN).date()

    @asynccontextmanager
    async def within(self, days: int) -> AsyncIterator[date]:
        """Gives the day so many days from now, beyond which no service goes inside the block; 0: all stay at today."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_moving)
            last = self.today + timedelta(days=days)
            self._last.append(last)
        try:
            yield last
        finally:
            async with self._changed:
                self._last.remove(last)
                self._changed.notify_all()

    async def reach(self, day: date) -> None:
        """Wait until it is this day or later: move there, as soon as nobody needs an earlier one."""
        self._wanted.append(day)
        try:
            while await self._must_move(day):
                try:
                    await self.move(datetime.combine(self._next(), MORNING))
                finally:
                    async with self._changed:
                        self._is_moving = False
                        self._changed.notify_all()
        finally:
            self._wanted.remove(day)

    async def _must_move(self, day: date) -> bool:
        """Wait until this day has come, or this caller is the one to move."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.today >= day or self._may_move())
            self._is_moving = self._is_moving or self.today < day
            return self.today < day

    def _may_move(self) -> bool:
        return not self._is_moving and min(self._last, default=date.max) > self.today

    def _next(self) -> date:
        """The first day that somebody waits for, or needs to be the last."""
        return min(day for day in self._wanted + self._last if day > self.today)

    async def move(self, instant: datetime) -> None:
        """Move every replica of each service, whoever needs which day."""
        ahead = instant - datetime.now(UTC)
        stamp = instant.isoformat().replace("+00:00", "Z")
        async with asyncio.TaskGroup() as group:
            for service in SERVICES:
                group.create_task(self._set(service, stamp))
        self._ahead = ahead

    async def _set(self, service: str, stamp: str) -> None:
        """One that was killed behind its move has moved, and answers the repeated call so."""
        for replica in range(self.caller.replicas(service)):
            try:
                rpc = f"{service}.kiezwerk.lab.v1.LabService/SetTime"
                await self.caller.ask(OPERATOR, rpc, replica=replica, time=stamp)
            except NotAnswered as error:
                if "TIME_GOES_FORWARD" not in str(error):
                    raise


async def read_calendar(caller: Caller) -> Calendar:
    """The calendar as funds has it now."""
    answer = await caller.ask(OPERATOR, "funds.kiezwerk.lab.v1.LabService/GetTime")
    return Calendar(caller, answer.time.ToDatetime(UTC) - datetime.now(UTC))
