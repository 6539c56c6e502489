"""Durable timers: what is due by the calendar clock fires in the transaction that deletes its row, with its effect."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from pymongo import IndexModel

from chassis import logs, tracing
from chassis.clock import machine_seconds
from chassis.envelope import Cause
from chassis.metrics import Metrics
from chassis.ports import Trail, Transaction, new_id
from chassis.refusals import NotNow, Unavailable
from chassis.store import Store, StoreTransaction

log = structlog.get_logger()

TimerHandler = Callable[[Transaction, str], Awaitable[None]]
LOOK_SECONDS = 0.5
AT_ONCE = 100
AGAIN_SECONDS = 5.0


class Timers:
    """Rows `<aggregate>/<purpose>`; handlers by purpose. What fails is tried again, and counted."""

    def __init__(self, store: Store, handlers: Mapping[str, TimerHandler], metrics: Metrics) -> None:
        self._store, self._handlers, self._metrics = store, handlers, metrics
        self._rows = store.rows("timers", IndexModel([("due", 1)], name="due"))
        self._resting: dict[str, float] = {}
        for purpose in handlers:
            # From 0 on: of a counter that appears with its first count, nobody sees that it grew.
            metrics.timers.labels(purpose, "fired")

    async def run(self) -> None:
        while True:
            try:
                fired = await self.fire_due()
            except Exception as error:
                log.warning("timers not readable", error=type(error).__name__)
                fired = 0
            if not fired:
                await asyncio.sleep(LOOK_SECONDS)

    async def fire_due(self) -> int:
        """Fire what is due; answers how many went through. What failed rests, and is tried again behind all that did not."""
        now = machine_seconds()
        rested = [id for id, until in self._resting.items() if until <= now][:AT_ONCE]
        rows = await self._due({"$nin": list(self._resting)})
        rows += await self._due({"$in": rested}) if rested else []
        for id in rested:
            # SetTime fires beside the endless look.
            self._resting.pop(id, None)
        return sum([await self._fire(row) for row in rows])

    async def _due(self, ids: dict[str, list[str]]) -> list[dict[str, Any]]:
        query = {"due": {"$lte": self._store.clock.now()}, "_id": ids}
        found: list[dict[str, Any]] = await self._rows.find(query).sort("due", 1).to_list(AT_ONCE)
        return found

    async def _fire(self, row: dict[str, Any]) -> int:
        """A trace of its own, which may begin months after the one that it comes from; the correlation id is the same."""
        trail = Trail(row["correlation_id"] or new_id())
        about = {"kiez.correlation_id": trail.correlation_id, "kiez.timer": row["purpose"]}
        link = row.get("traceparent", "")
        with (
            logs.correlated(trail.correlation_id),
            tracing.span(f"timer {row['purpose']}", tracing.Kind.INTERNAL, about, link=link) as span,
        ):
            return await self._carry_out(
                row["_id"], row["aggregate"], row["purpose"], Trail(trail.correlation_id, span.traceparent)
            )

    async def _carry_out(self, id: str, aggregate_id: str, purpose: str, trail: Trail) -> int:
        async def work(tx: StoreTransaction) -> bool:
            due = {"_id": id, "due": {"$lte": tx.at}}
            deleted = await tx.ask(lambda session: self._rows.delegate.delete_one(due, session=session))
            if deleted.deleted_count:
                await self._handlers[purpose](tx, aggregate_id)
            return bool(deleted.deleted_count)

        try:
            done = await self._store.transact(work, locks=(aggregate_id,), cause=Cause.follows(trail))
        except Exception as error:
            self._resting[id] = machine_seconds() + AGAIN_SECONDS
            self._metrics.timers.labels(purpose, "failed").inc()
            if not isinstance(error, Unavailable):
                log.error("a timer failed", purpose=purpose, aggregate=aggregate_id, exc_info=error)
            return 0
        self._metrics.timers.labels(purpose, "fired").inc()
        if done:
            log.info("a timer fired", purpose=purpose, aggregate=aggregate_id)
        return int(done)

    async def settle(self, seconds: float) -> None:
        """Return when nothing due is left; NotNow when something due does not go through in `seconds`."""
        deadline = machine_seconds() + seconds
        while await self._rows.find_one({"due": {"$lte": self._store.clock.now()}}) is not None:
            if machine_seconds() > deadline:
                raise NotNow(
                    "TIMERS_FAIL", "A timer that is due does not go through; the log of this service says why."
                )
            if not await self.fire_due():
                await asyncio.sleep(0.05)
