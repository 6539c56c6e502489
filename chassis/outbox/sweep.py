"""The sweep: looks once a second for facts that wait in the store and that no memory publishes, and counts what waits."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog

from chassis.clock import machine_now
from chassis.metrics import Metrics
from chassis.outbox.chains import Chains
from chassis.outbox.marks import Marks
from chassis.outbox.status import age_seconds

log = structlog.get_logger()

SWEEP_SECONDS = 1.0
SWEEP_ROWS = 500


class Sweep:
    """Finds what another replica left when it died, and what this one's memory had no room for; `take` gets it."""

    def __init__(
        self,
        rows: Any,
        chains: Chains,
        marks: Marks,
        metrics: Metrics,
        take: Callable[[Sequence[dict[str, Any]]], None],
    ) -> None:
        self._rows, self._chains, self._marks = rows, chains, marks
        self._metrics, self._take = metrics, take
        self._seen: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            first: list[asyncio.Task[None]] = []
            try:
                first = await self._look()
            except Exception as error:
                log.warning("outbox not readable", error=type(error).__name__)
            if first:
                await asyncio.wait(first, timeout=SWEEP_SECONDS)
            else:
                await asyncio.sleep(SWEEP_SECONDS)

    async def _look(self) -> list[asyncio.Task[None]]:
        """Where there is more than one look brings: what is under way and ends before the next look."""
        waiting = await self._waiting()
        left = self._left(waiting)
        self._take(sorted(left, key=lambda row: (row["aggregate"], row["seq"])))
        is_more = len(waiting) >= SWEEP_ROWS and bool(left)
        under_way = [chain.task for chain in self._chains if is_more and chain.task and not chain.blocked]
        await self._measure(waiting)
        return under_way

    async def _waiting(self) -> list[dict[str, Any]]:
        """Unpublished rows, some where there are many; of a blocked aggregate none: they would be in the way of all others."""
        blocked = list(self._chains.blocked)
        query = {"published_at": None} | ({"aggregate": {"$nin": blocked}} if blocked else {})
        most = SWEEP_ROWS + len(self._marks.unwritten)
        found: list[dict[str, Any]] = await self._rows.find(query).limit(most).to_list(most)
        return found

    def _left(self, waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those that nobody publishes. A young one is most likely still in the memory of the replica that committed it."""
        held = self._chains.ids | self._marks.unwritten
        # Clocks differ and may be set back: what waited at the last look, too, is old whatever its time says.
        old, seen = machine_now() - timedelta(seconds=SWEEP_SECONDS), self._seen
        self._seen = frozenset(row["_id"] for row in waiting)
        return [row for row in waiting if row["_id"] not in held and (row["recorded_at"] <= old or row["_id"] in seen)]

    async def _measure(self, waiting: list[dict[str, Any]]) -> None:
        blocked = [chain.rows[0] for chain in self._chains if chain.blocked]
        oldest = min((row["recorded_at"] for row in (*waiting, *blocked)), default=None)
        all_seen = len(waiting) < SWEEP_ROWS and not blocked
        count = len(waiting) if all_seen else await self._rows.count_documents({"published_at": None})
        self._metrics.unpublished.set(count)
        self._metrics.oldest.set(age_seconds(oldest))
        self._metrics.blocked.set(len(blocked))
