"""What NATS has acknowledged and the store does not know of yet; written in few and large updates."""

import asyncio
from typing import Any

import structlog

from chassis.clock import machine_now
from chassis.outbox.published_stream import PublishedStream

log = structlog.get_logger()

MARK_AT_ONCE = 100
UNMARK_AT_ONCE = 1_000
GATHER_SECONDS = 0.02
PAUSE_SECONDS = 1.0


class Marks:
    """Ids of published rows. A crash before they are written publishes them once more, which NATS knows as repeats."""

    def __init__(self, rows: Any, stream: PublishedStream) -> None:
        self._rows, self._stream = rows, stream
        self._ids: list[str] = []
        self._added = asyncio.Event()
        self._writing = asyncio.Lock()

    def add(self, id: str) -> None:
        self._ids.append(id)
        self._added.set()

    @property
    def unwritten(self) -> frozenset[str]:
        return frozenset(self._ids)

    async def run(self) -> None:
        """Write them until cancelled."""
        while True:
            await self._added.wait()
            self._added.clear()
            await asyncio.sleep(GATHER_SECONDS)
            while self._ids:
                try:
                    async with self._writing:
                        # Not before: what is forgotten meanwhile was said into a stream that is gone.
                        batch = self._ids[:MARK_AT_ONCE]
                        await self._write(batch)
                        self._ids = [id for id in self._ids if id not in batch]
                except Exception as error:
                    log.warning("published facts could not be marked", error=type(error).__name__)
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _write(self, ids: list[str]) -> None:
        into = self._stream.created
        await self._rows.update_many({"_id": {"$in": ids}}, {"$set": {"published_at": machine_now()}})
        if not await self._stream.is_still(into):
            # Another replica publishes to a stream that was made anew, and that lacks these.
            await self._unmark(ids)

    async def _unmark(self, ids: list[str]) -> None:
        await self._rows.update_many({"_id": {"$in": ids}}, {"$set": {"published_at": None}})

    async def forget(self) -> None:
        """What NATS has acknowledged so far was said into another stream."""
        async with self._writing:
            self._ids.clear()

    async def take_back(self) -> None:
        """Nothing counts as published any more."""
        async with self._writing:
            self._ids.clear()
            said = {"published_at": {"$ne": None}}
            while rows := await self._rows.find(said, {"_id": 1}).limit(UNMARK_AT_ONCE).to_list(UNMARK_AT_ONCE):
                await self._unmark([row["_id"] for row in rows])
