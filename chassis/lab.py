"""The movable calendar clock of a trial installation (kiezwerk.lab.v1); production does not have this service at all."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import structlog

from chassis.access import city_wide
from chassis.clock import machine_now
from chassis.fields import Check
from chassis.outbox import Relay
from chassis.ports import Caller
from chassis.refusals import NotNow, Unavailable
from chassis.rpc import Api, query
from chassis.store import Store
from chassis.timers import Timers

log = structlog.get_logger()

ACCESS = {f"LabService/{rpc}": city_wide("operator") for rpc in ("GetTime", "SetTime")}
SETTLE_SECONDS = 60.0
FOLLOW_SECONDS = 1.0
# The clock never goes back: whatever is reckoned from what it reads must still be a date.
END_YEAR = 2150


@dataclass(frozen=True, slots=True)
class GetTime:
    """Asks what the calendar clock reads."""


@dataclass(frozen=True, slots=True)
class SetTime:
    """Moves the calendar clock forward."""

    time: Annotated[datetime, Check(lambda t: t.year < END_YEAR, f"must lie before the year {END_YEAR}")]


class Lab:
    """The offset is kept in the store, so that every replica and every restart has it."""

    def __init__(self, store: Store, timers: Timers, relay: Relay) -> None:
        self._store, self._timers, self._relay = store, timers, relay
        self._rows = store.rows("clock")

    def api(self) -> Api:
        return Api(
            "kiezwerk.lab.v1.LabService",
            query("GetTime", GetTime, self._get_time, "time"),
            query("SetTime", SetTime, self._set_time, "time", seconds=SETTLE_SECONDS * 2),
        )

    async def _get_time(self, asked: GetTime, caller: Caller) -> datetime:
        caller.require("operator")
        return self._store.clock.now()

    async def _set_time(self, asked: SetTime, caller: Caller) -> datetime:
        caller.require("operator")
        if asked.time < self._store.clock.now() - timedelta(seconds=1):
            raise NotNow("TIME_GOES_FORWARD", f"The calendar already reads {self._store.clock.now().isoformat()}.")
        offset = asked.time - machine_now()
        row = {"_id": "offset", "milliseconds": offset / timedelta(milliseconds=1)}
        # Kept first: a clock that moved without it would fall back at the next start.
        await self._rows.replace_one({"_id": "offset"}, row, upsert=True)
        self._store.clock.offset = offset
        await self._timers.settle(SETTLE_SECONDS)
        if not await self._relay.flush(SETTLE_SECONDS):
            raise Unavailable("OUTBOX_WAITS", "The clock was moved, but not every fact is published; repeat the call.")
        return self._store.clock.now()

    async def load(self) -> None:
        """Read the offset that was set here before, or by another replica."""
        row = await self._rows.find_one({"_id": "offset"})
        if row is not None:
            # A row read while SetTime was writing its own is older than the clock; time goes forward alone.
            found = timedelta(milliseconds=row["milliseconds"])
            self._store.clock.offset = max(self._store.clock.offset, found)

    async def run(self) -> None:
        """Follow what other replicas set, until cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await self.load()
            except Exception as error:
                log.debug("clock not readable", error=type(error).__name__)
