"""What becomes of one message: its effect, another try later, or a place among the parked."""

import asyncio
import dataclasses
import random
import re

import structlog
from faststream.nats import NatsMessage
from pydantic import ValidationError

from chassis import logs, tracing
from chassis.clock import machine_now
from chassis.envelope import LONGEST_NAME, MAX_BYTES, Heard, Meta, Unreadable, read_meta
from chassis.inbox import Ear, Inbox, Parked
from chassis.metrics import Metrics
from chassis.refusals import Refusal, Stale, Unavailable

log = structlog.get_logger()

RETRY_SECONDS = (0.5, 2.0, 8.0, 20.0)
MOST_DELIVERIES = 20
STORE_AWAY_SECONDS = 1.0
# What a store can hold as the name of a field.
_PLAIN_HEADER = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


def why_parked(error: Exception) -> tuple[str, str]:
    """The reason and the sentence with which a message is parked that ended so."""
    if isinstance(error, Unreadable):
        return "UNREADABLE_ENVELOPE", str(error)
    if isinstance(error, Refusal):
        return error.reason, error.sentence
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)[:3]
        return "UNREADABLE_BODY", "; ".join(".".join(map(str, e["loc"])) + ": " + e["msg"] for e in found)
    return "HANDLER_FAILED", f"The handler failed with {type(error).__name__}."


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """One message as a durable hands it over, and whatever of its envelope could be read."""

    durable: str
    stream: str
    message: NatsMessage
    meta: Meta | None = None

    @property
    def headers(self) -> dict[str, str]:
        return self.message.raw_message.headers or {}

    @property
    def body(self) -> bytes:
        return self.message.raw_message.data

    @property
    def times(self) -> int:
        return self.message.raw_message.metadata.num_delivered

    def parked(self, reason: str, sentence: str, *, behind: bool) -> Parked:
        meta, headers = (
            self.meta,
            {name: value for name, value in self.headers.items() if _PLAIN_HEADER.fullmatch(name)},
        )
        place = f"{self.stream}:{self.message.raw_message.metadata.sequence.stream}"
        return Parked(
            id=f"{self.durable}:{meta.id if meta else place}",
            durable=self.durable,
            stream=self.stream,
            type=meta.type if meta else headers.get("ce-type", "")[:LONGEST_NAME],
            aggregate_id=meta.aggregate_id if meta else place,
            sequence=meta.sequence if meta else 0,
            reason=reason,
            sentence=sentence,
            body=self.body.decode(errors="replace"),
            behind=behind,
            parked_at=machine_now(),
            headers=headers,
        )


class Handling:
    """Every message ends in an ack (done, repeated or parked) or a nak with a delay; never in an exception."""

    def __init__(self, inbox: Inbox, metrics: Metrics, ears: dict[str, dict[str, Ear]], seconds: float) -> None:
        self._inbox, self._metrics, self._ears, self._seconds = inbox, metrics, ears, seconds

    async def take(self, durable: str, stream: str, message: NatsMessage) -> None:
        delivery = Delivery(durable, stream, message)
        headers = delivery.headers
        with logs.correlated(logs.plain_id(headers.get("ce-correlationid") or headers.get("ce-id", ""))):
            try:
                meta = read_meta(message.raw_message.headers)
                delivery = dataclasses.replace(delivery, meta=meta)
                await self._handle(delivery, meta)
            except (Unreadable, Refusal, ValidationError) as error:
                await self._park(delivery, *why_parked(error))
            except Exception as error:
                await self._again_later(delivery, error)

    async def redrive(self, parked: Parked) -> str:
        """Run the handler of a parked message again, in this process; raises what the handler raises."""
        meta = read_meta(parked.headers)
        ear = self._ear(parked.durable, parked.type)
        return await self._inbox.apply(parked.durable, ear, _read(ear, parked.body.encode()), meta, redriven=True)

    def _ear(self, durable: str, type: str) -> Ear:
        ear = self._ears.get(durable, {}).get(type)
        if ear is None:
            raise Unreadable(f"nothing here hears {type}")
        return ear

    async def _handle(self, delivery: Delivery, meta: Meta) -> None:
        ear = self._ear(delivery.durable, meta.type)
        if delivery.times > MOST_DELIVERIES:
            await self._park(delivery, "DELIVERED_TOO_OFTEN", "It ended its process each time.")
            return
        outcome = await self._traced(delivery, ear, meta)
        if outcome == "behind":
            if not await self._park(delivery, "BEHIND", "It waits for an earlier message.", behind=True):
                await self._handle(delivery, meta)
            return
        self._metrics.consumed.labels(meta.type, outcome).inc()
        log.info("message", durable=delivery.durable, type=meta.type, outcome=outcome, id=meta.id)
        await delivery.message.ack()

    async def _traced(self, delivery: Delivery, ear: Ear, meta: Meta) -> str:
        model = _read(ear, delivery.body)
        about = tracing.about_message(delivery.stream, "process", "process", delivery.headers)
        about = {**about, "messaging.consumer.group.name": delivery.durable}
        came = meta.traceparent
        with tracing.span(f"process {delivery.stream}", tracing.Kind.CONSUMER, about, parent=came, link=came) as span:
            traced = dataclasses.replace(meta, traceparent=span.traceparent)
            outcome = await self._until_done(delivery, ear, model, traced)
            span.note({"kiez.outcome": outcome})
        return outcome

    async def _until_done(self, delivery: Delivery, ear: Ear, model: Heard, meta: Meta) -> str:
        while True:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._inbox.apply(delivery.durable, ear, model, meta)
            except (Unavailable, Stale):
                # Nothing is counted while the store or a neighbour is away, or others write: the message stays ours.
                await _hold(delivery.message)

    async def _again_later(self, delivery: Delivery, error: Exception) -> None:
        kind, times = type(error).__name__, delivery.times
        log.error(
            "a message could not be handled", durable=delivery.durable, error=kind, delivered=times, exc_info=error
        )
        self._metrics.bugs.labels("message").inc()
        if times > len(RETRY_SECONDS):
            await self._park(delivery, *why_parked(error))
        else:
            pause = RETRY_SECONDS[times - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
            await delivery.message.nack(delay=pause)

    async def _park(self, delivery: Delivery, reason: str, sentence: str, *, behind: bool = False) -> bool:
        """Have done with it; False when what it was to wait behind was driven or dropped meanwhile."""
        parked = delivery.parked(reason, sentence, behind=behind)
        outcome = await self._kept(delivery.message, parked)
        if outcome == "free":
            return False
        # A label is never what somebody sent: each new one would stay in memory.
        known = parked.type if parked.type in self._ears[parked.durable] else "unreadable"
        self._metrics.consumed.labels(known, outcome).inc()
        if outcome == "parked":
            log.warning("a message is parked", durable=parked.durable, type=parked.type, reason=reason, id=parked.id)
        await delivery.message.ack()
        return True

    async def _kept(self, message: NatsMessage, parked: Parked) -> str:
        while True:
            try:
                return await self._inbox.park(parked)
            except (Unavailable, Stale):
                await _hold(message)


async def _hold(message: NatsMessage) -> None:
    """Keep a message from being handed to another while its store is away."""
    await message.in_progress()
    await asyncio.sleep(STORE_AWAY_SECONDS)


def _read(ear: Ear, body: bytes) -> Heard:
    if len(body) > MAX_BYTES:
        raise Unreadable(f"the body is larger than {MAX_BYTES} bytes")
    return ear.model.model_validate_json(body)
