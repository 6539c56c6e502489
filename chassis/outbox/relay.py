"""The relay: brings what the outbox holds to NATS, in order per aggregate, at least once, and marks it."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from nats.js import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError, ServiceUnavailableError
from pymongo import IndexModel

from chassis import tracing
from chassis.bus.streams import Found
from chassis.clock import machine_seconds
from chassis.metrics import Metrics
from chassis.outbox.chain import Chain
from chassis.outbox.chains import Chains
from chassis.outbox.marks import Marks
from chassis.outbox.published_stream import PublishedStream
from chassis.outbox.status import OutboxStatus, read_status
from chassis.outbox.sweep import Sweep
from chassis.store import Store

log = structlog.get_logger()

PUBLISH_SECONDS = 5.0
STALE_SECONDS = 60.0
BLOCKED_SECONDS = 30.0
LOOKED_UP = 500
PARALLEL = 128
REMEMBERED = 10_000


class StreamIsAnother(Exception):
    """The stream that was published to has been made anew, behind our back."""


class Relay:
    """Publishes with nats-py and waits for each PubAck; a row is never deleted: the outbox is the service's journal."""

    def __init__(
        self,
        store: Store,
        stream: str,
        metrics: Metrics,
        jetstream: Callable[[], Awaitable[JetStreamContext]],
        stream_is_gone: Callable[[], None],
        *,
        stale_seconds: float = STALE_SECONDS,
    ) -> None:
        self._rows = store.rows(
            "outbox",
            IndexModel([("aggregate", 1), ("seq", 1)], unique=True, name="aggregate_seq"),
            IndexModel([("published_at", 1)], name="unpublished", partialFilterExpression={"published_at": None}),
        )
        self._stream, self._metrics, self._jetstream = stream, metrics, jetstream
        self._stream_is_gone, self._stale_seconds = stream_is_gone, stale_seconds
        self._into = PublishedStream(store, stream)
        self._highest = 0
        self._chains = Chains()
        self._last: dict[str, int] = {}
        self._marks = Marks(self._rows, self._into)
        self._sweep = Sweep(self._rows, self._chains, self._marks, metrics, self.take)
        self._room = asyncio.Semaphore(PARALLEL)
        store.on_commit = self.take

    def take(self, rows: Sequence[dict[str, Any]]) -> None:
        """Queue committed rows, in the order of their aggregate; what finds no room is left to the sweep."""
        now = machine_seconds()
        for row in rows:
            chain = self._chains.add({**row, "read_at": now})
            if chain is not None and chain.task is None:
                # In no call's context: a chain goes on with the facts of other calls.
                publishing = self._publish(row["aggregate"], chain)
                chain.task = asyncio.create_task(publishing, context=contextvars.Context())

    async def run(self) -> None:
        """Sweep what memory does not hold, and mark what was acknowledged, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep.run())
            group.create_task(self._marks.run())

    async def _publish(self, aggregate: str, chain: Chain) -> None:
        """Bring one aggregate's facts out, one after the other; whatever fails is tried again from the same fact."""
        pause = 0.2
        try:
            while chain.rows:
                try:
                    async with self._room:
                        await self._publish_next(aggregate, chain)
                    pause = 0.2
                except asyncio.CancelledError:
                    raise
                except Exception as error:
                    pause = self._note(chain, error, pause)
                    await asyncio.sleep(pause)
        finally:
            chain.task = None
            if not chain.rows:
                self._chains.end(aggregate)

    async def _publish_next(self, aggregate: str, chain: Chain) -> None:
        # First: a stream that has to be made anew changes what the next fact is.
        jetstream = await self._jetstream()
        row = await self._lowest(aggregate, chain)
        if row is None:
            return
        await self._bring_out(row, jetstream)
        chain.blocked = ""
        self._chains.drop_first(chain)
        self._last.pop(aggregate, None)
        self._last[aggregate] = row["seq"]
        while len(self._last) > REMEMBERED:
            # The one that spoke longest ago: its next fact is looked up in the store first.
            del self._last[next(iter(self._last))]
        self._marks.add(row["_id"])
        self._metrics.published.labels(row["type"]).inc()

    async def _bring_out(self, row: dict[str, Any], jetstream: JetStreamContext) -> None:
        headers = row["headers"]
        about = tracing.about_message(self._stream, "publish", "send", headers)
        given = headers.get("traceparent", "")
        with tracing.span(f"publish {self._stream}", tracing.Kind.PRODUCER, about, parent=given) as span:
            if span.traceparent != given:
                headers = {**headers, "traceparent": span.traceparent}
            # The future of an unanswered publish may never resolve after a crash of the server: hence the outer limit.
            async with asyncio.timeout(PUBLISH_SECONDS + 1):
                ack = await jetstream.publish(
                    row["subject"], row["data"].encode(), headers=headers, stream=self._stream, timeout=PUBLISH_SECONDS
                )
        if ack.seq <= self._highest and not ack.duplicate:
            # Numbers only grow, and a repeat keeps its own: this is another stream of the same name, without what was said.
            self._highest = 0
            self._stream_is_gone()
            raise StreamIsAnother
        self._highest = max(self._highest, ack.seq)
        log.debug("published", type=row["type"], id=row["_id"], correlation_id=headers.get("ce-correlationid", ""))

    async def _lowest(self, aggregate: str, chain: Chain) -> dict[str, Any] | None:
        """The next fact to say. Another replica may have committed an earlier one, or published this one long ago."""
        row = chain.rows[0]
        follows = row["seq"] == 1 or self._last.get(aggregate) == row["seq"] - 1
        fresh = machine_seconds() - row["read_at"] < self._stale_seconds
        if follows and fresh:
            return row
        unpublished = self._rows.find({"aggregate": aggregate, "published_at": None}).sort("seq", 1)
        mine = self._marks.unwritten
        waiting = await unpublished.limit(LOOKED_UP + len(mine)).to_list(None)
        read_at = machine_seconds()
        self._chains.replace(chain, [{**r, "read_at": read_at} for r in waiting if r["_id"] not in mine])
        if not chain.rows:
            return None
        self._last[aggregate] = chain.rows[0]["seq"] - 1
        return chain.rows[0]

    def _note(self, chain: Chain, error: Exception, pause: float) -> float:
        """Say what went wrong; returns the seconds to wait. What the server refuses blocks the aggregate."""
        if isinstance(error, NoStreamResponseError):
            self._stream_is_gone()
        refused = isinstance(error, APIError) and not isinstance(error, ServiceUnavailableError | NoStreamResponseError)
        if refused:
            if not chain.blocked:
                row = chain.rows[0]
                said_by = row["headers"].get("ce-correlationid", "")
                log.error(
                    "NATS refuses a fact", type=row["type"], id=row["_id"], error=str(error), correlation_id=said_by
                )
            self._chains.block(chain, str(error))
            return BLOCKED_SECONDS
        log.debug("NATS does not take facts", error=type(error).__name__)
        return min(pause * 2, 5.0)

    async def begin(self, stream: Found) -> None:
        """Publish into `stream`: into one that was made anew, whoever made it, all that was ever said, from the first on.

        Raises Unavailable when the store is away; then nothing may be published yet.
        """
        if stream.created != self._into.created:
            await self._into.begin(stream, self._marks.take_back)
            await self._forget()

    async def _forget(self) -> None:
        """Look up what is next for every aggregate: what this process remembers was said into another stream."""
        self._highest = 0
        self._last.clear()
        for chain in self._chains:
            for row in chain.rows:
                row["read_at"] = -self._stale_seconds
        await self._marks.forget()

    async def flush(self, seconds: float) -> bool:
        """Wait until nothing waits; False when it still does after `seconds`."""
        deadline = machine_seconds() + seconds
        while machine_seconds() < deadline:
            if (
                not self._chains
                and not self._marks.unwritten
                and await self._rows.find_one({"published_at": None}) is None
            ):
                return True
            await asyncio.sleep(0.02)
        return False

    async def stop(self) -> None:
        """End the publishing tasks; what they still hold waits in the store."""
        tasks = [chain.task for chain in self._chains if chain.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def blocked(self) -> int:
        """How many aggregates have a next fact that NATS refuses."""
        return len(self._chains.blocked)

    async def status(self) -> OutboxStatus:
        return await read_status(self._rows, self._chains.blocked)
