"""The two endless works of notify: fan broadcasts out, and send what is due, one letter at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog
from prometheus_client import Counter

from chassis import logs, tracing
from chassis.envelope import Cause
from chassis.metrics import Metrics
from chassis.ports import Trail
from chassis.refusals import Stale, Unavailable
from chassis.store import Store, StoreTransaction
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.notification import Ending, Notification, Outcome
from services.notify.domain.template import Lane, Template
from services.notify.usecases import UseCases

log = structlog.get_logger()

LAST_LETTER = timedelta(seconds=2)


class Sender:
    """Looks for work every `look` when there was none; service messages and news take turns."""

    def __init__(self, do: UseCases, store: Store, metrics: Metrics, look: timedelta) -> None:
        self._do, self._store, self._look = do, store, look
        self._one_letter = asyncio.Lock()
        self._outcomes = Counter(
            "kiez_letters",
            "Tries to send a letter by template and outcome.",
            ["template", "outcome"],
            registry=metrics.registry,
        )
        for template in Template:
            # From 0 on: of a counter that appears with its first count, nobody sees that it grew.
            self._outcomes.labels(template, Ending.DELIVERED)

    async def fan_out(self) -> None:
        while True:
            if not await self.carry_on():
                await asyncio.sleep(self._look.total_seconds())

    async def send_service_messages(self) -> None:
        await self._send(Lane.SERVICE)

    async def send_news(self) -> None:
        await self._send(Lane.NEWS)

    async def carry_on(self) -> int:
        """One batch of each running broadcast; answers of how many it went through."""
        carried_on = 0
        for broadcast in await self._do.broadcasts.running_broadcasts():
            with logs.correlated(broadcast.news.trail.correlation_id):
                carried_on += await self._next_batch(broadcast)
        return carried_on

    async def _next_batch(self, broadcast: Broadcast) -> int:
        id, cause = broadcast.id, Cause.follows(broadcast.news.trail)

        async def work(tx: StoreTransaction) -> None:
            await self._do.broadcasts.carry_on_broadcast(tx, id)

        try:
            await self._store.transact(work, locks=(id,), cause=cause)
        except Exception as error:
            if not isinstance(error, (Unavailable, Stale)):
                log.error("a broadcast met a bug", id=id, exc_info=error)
            return 0
        return 1

    async def send_due(self, lane: Lane) -> int:
        """Everything of a lane that is due now; answers how many letters were tried."""
        tried = 0
        for notification in await self._do.deliveries.due_notifications(lane):
            with logs.correlated(notification.trail.correlation_id):
                tried += await self._whole(notification)
        return tried

    async def _send(self, lane: Lane) -> None:
        while True:
            if not await self.send_due(lane):
                await asyncio.sleep(self._look.total_seconds())

    async def _whole(self, notification: Notification) -> int:
        """A stopping process still records the letter which it is sending, so that nobody gets it twice."""
        delivery = asyncio.create_task(self._deliver(notification))
        try:
            await asyncio.shield(delivery)
        except asyncio.CancelledError:
            await asyncio.wait((delivery,), timeout=LAST_LETTER.total_seconds())
            delivery.cancel()
            raise
        except Unavailable:
            raise
        except Stale:
            # Others change the same rows and it was not claimed: it is due still.
            return 0
        except Exception as error:
            # One letter must not hold up all that come after it.
            log.error("a letter met a bug", id=notification.id, template=notification.template, exc_info=error)
            return 0
        return 1

    async def _deliver(self, notification: Notification) -> None:
        id, cause = notification.id, Cause.follows(notification.trail)
        deliveries = self._do.deliveries
        async with self._one_letter:
            claimed = await self._store.transact(
                lambda tx: deliveries.claim_notification(tx, id), locks=(id,), cause=cause
            )
            if claimed is not None:
                await self._send_one(claimed)

    async def _send_one(self, claimed: Notification) -> None:
        id, trail, about = claimed.id, claimed.trail, {"kiez.template": claimed.template.value}
        with tracing.span("deliver letter", tracing.Kind.INTERNAL, about, parent=trail.traceparent) as span:
            own = Trail(trail.correlation_id, span.traceparent)
            outcome = await self._try(replace(claimed, trail=own))
            if outcome is None:
                log.warning("a letter was held for too long, and is left to the next sender", id=id)
                return
            await self._settle(claimed, outcome, Cause.follows(own))
            span.note({"kiez.outcome": outcome.ending.value})
        self._outcomes.labels(claimed.template, outcome.ending).inc()
        log.info("letter", id=id, template=claimed.template.value, outcome=outcome.ending.value)

    async def _settle(self, claimed: Notification, outcome: Outcome, cause: Cause) -> None:
        """However long the store is away or others write: a letter that went out unrecorded would go out again."""

        async def work(tx: StoreTransaction) -> None:
            await self._do.deliveries.settle_notification(tx, claimed, outcome)

        while True:
            try:
                return await self._store.transact(work, locks=(claimed.id,), cause=cause)
            except (Unavailable, Stale):
                await asyncio.sleep(self._look.total_seconds())

    async def _try(self, claimed: Notification) -> Outcome | None:
        try:
            return await self._do.deliveries.send(claimed, self._store.clock.now())
        except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not hold up the others
            # The error's own words may hold what the letter says, so they are not logged.
            log.error("a letter met a bug", id=claimed.id, template=claimed.template, error=type(error).__name__)
            return Outcome(Ending.POSTPONED, "BUG")
