"""NATS for one service: its stream, what it hears through one durable a stream, and what happens when that fails."""

import asyncio
import dataclasses
import os
import random
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import nats
import structlog
from faststream import Context
from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from chassis import logs, streams, tracing
from chassis.clock import machine_now
from chassis.envelope import LONGEST_NAME, MAX_BYTES, Heard, Meta, Unreadable, read_meta
from chassis.inbox import Ear, Inbox, Parked, Stream
from chassis.metrics import Metrics
from chassis.opened import Opened
from chassis.refusals import Refusal, Stale, Unavailable

log = structlog.get_logger()

RETRY_SECONDS = (0.5, 2.0, 8.0, 20.0)
MOST_DELIVERIES = 20
FIRST_LOOK_SECONDS = 0.1
LOOK_AGAIN_SECONDS = 5.0
WATCH_SECONDS = 5.0
FETCH_SECONDS = 1.0
STORE_AWAY_SECONDS = 1.0
# What a store can hold as the name of a field.
_PLAIN_HEADER = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
FROM_FASTSTREAM: Any = Context("message")


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


def _read(model: type[Heard], body: bytes) -> Heard:
    if len(body) > MAX_BYTES:
        raise Unreadable(f"the body is larger than {MAX_BYTES} bytes")
    return model.model_validate_json(body)


async def _raw(message: NatsMessage) -> bytes:
    return message.body


class Bus:
    """Consumes with FastStream, provides streams and publishes (through the relay) with nats-py."""

    def __init__(
        self,
        service: str,
        address: streams.NatsAddress,
        inbox: Inbox,
        metrics: Metrics,
        *,
        replicas: int,
        ack_seconds: float,
    ) -> None:
        self._service, self._address, self._replicas = service, address, replicas
        self._inbox, self._metrics = inbox, metrics
        # Who works longer than the server waits would work beside the next one.
        self._ack_seconds, self._handler_seconds = ack_seconds, ack_seconds * 2 / 3
        self._stopping = False
        self._client = Opened(self._connect)
        self._jetstream: JetStreamContext | None = None
        self._connecting = asyncio.Lock()
        self._broker = Opened(self._start_broker)
        self._durables: dict[str, Stream] = {}
        self.before_stream: Callable[[], Awaitable[None]] = streams.nothing
        self.ears: dict[str, dict[str, Ear]] = {}

    async def _closed(self) -> None:
        if not self._stopping:
            # nats-py has given up for good; FastStream would spin on it, and a signal would never be handled.
            log.critical("the connection to NATS is closed for good; ending, to be started anew")
            os._exit(70)

    async def jetstream(self) -> JetStreamContext:
        """The connection, made on first use, with this service's own stream provided; raises while NATS is away."""
        async with self._connecting:
            if self._jetstream is None:
                js = (await self._client.get()).jetstream(timeout=3)
                await streams.provide_stream(js, self._service, self._replicas, anew=self.before_stream)
                self._jetstream = js
        return self._jetstream

    async def _connect(self) -> Client:
        options = self._address.for_nats(f"{self._service} relay", self._closed)
        return await nats.connect(**options, allow_reconnect=True, error_cb=_quiet)

    def forget(self) -> None:
        """Provide the stream anew before the next use: the server says that it is gone."""
        self._jetstream = None

    async def run(self, heard: tuple[Stream, ...]) -> None:
        """Hear all of `heard` until cancelled; a stream that is not there yet is looked for again and again."""
        for stream in heard:
            self.ears[self.durable(stream)] = {ear.model.type: ear for ear in stream.ears}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._provide())
            for stream in heard:
                group.create_task(self._hear(stream))
            group.create_task(self._watch())

    def durable(self, stream: Stream) -> str:
        return f"{self._service}-{stream.name.lower()}"

    def stream_of(self, durable: str) -> str:
        return durable.removeprefix(f"{self._service}-").upper()

    async def _provide(self) -> None:
        """Have this service's own stream, so that others find it though nothing was said yet."""
        await self._again_until_done(self.jetstream)

    async def _again_until_done(self, attempt: Callable[[], Awaitable[Any]]) -> None:
        while True:
            try:
                await attempt()
            except (NatsError, OSError, TimeoutError, Unavailable) as error:
                log.debug("NATS is not ready", error=type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_SECONDS / 5)
            else:
                return

    async def _hear(self, stream: Stream) -> None:
        async def look() -> None:
            js = await self.jetstream()
            pause = FIRST_LOOK_SECONDS
            while not await streams.stream_is_there(js, stream.name):
                await asyncio.sleep(pause)
                pause = min(pause * 2, LOOK_AGAIN_SECONDS)
            durable = self.durable(stream)
            await streams.provide_durable(
                js, stream.name, durable, [ear.model for ear in stream.ears], self._ack_seconds
            )
            await self._subscribe(stream, durable)
            self._durables[durable] = stream

        await self._again_until_done(look)

    async def _start_broker(self) -> NatsBroker:
        options = self._address.for_faststream(f"{self._service} ears", self._closed)
        broker = NatsBroker(**options, logger=None, ack_policy=AckPolicy.MANUAL, graceful_timeout=self._handler_seconds)
        streams.leave_stored_messages(await broker.connect())
        await broker.start()
        return broker

    async def _subscribe(self, stream: Stream, durable: str) -> None:
        broker = await self._broker.get()
        subscriber = broker.subscriber(
            "kiez.>",
            stream=JStream(stream.name, declare=False),
            durable=durable,
            config=streams.durable_config(durable, [ear.model for ear in stream.ears], self._ack_seconds),
            pull_sub=PullSub(batch_size=1, timeout=FETCH_SECONDS),
            ack_policy=AckPolicy.MANUAL,
            decoder=_raw,
            no_reply=True,
        )

        @subscriber
        async def handle(body: bytes, message: Any = FROM_FASTSTREAM) -> None:
            await self._on_message(stream, durable, message)

        await subscriber.start()

    async def _on_message(self, stream: Stream, durable: str, message: NatsMessage) -> None:
        headers = message.raw_message.headers or {}
        with logs.correlated(logs.plain_id(headers.get("ce-correlationid") or headers.get("ce-id", ""))):
            await self._take(stream, durable, message)

    async def _take(self, stream: Stream, durable: str, message: NatsMessage) -> None:
        """Every message ends in an ack (done, repeated or parked) or a nak with a delay; never in an exception."""
        raw = message.raw_message
        delivered = raw.metadata.num_delivered
        meta: Meta | None = None
        try:
            meta = read_meta(raw.headers)
            ear = self.ears[durable].get(meta.type)
            if ear is None:
                raise Unreadable(f"nothing here hears {meta.type}")
            if delivered > MOST_DELIVERIES:
                await self._park(
                    durable, stream, message, meta, "DELIVERED_TOO_OFTEN", "It ended its process each time."
                )
            else:
                await self._apply(durable, stream, ear, message, meta)
        except (Unreadable, Refusal, ValidationError) as error:
            await self._park(durable, stream, message, meta, *why_parked(error))
        except Exception as error:
            await self._again_later(durable, stream, message, meta, error, delivered)

    async def _apply(self, durable: str, stream: Stream, ear: Ear, message: NatsMessage, meta: Meta) -> None:
        raw = message.raw_message
        model = _read(ear.model, raw.data)
        about = tracing.about_message(stream.name, "process", "process", raw.headers or {})
        about = {**about, "messaging.consumer.group.name": durable}
        came = meta.traceparent
        with tracing.span(f"process {stream.name}", tracing.Kind.CONSUMER, about, parent=came, link=came) as span:
            traced = dataclasses.replace(meta, traceparent=span.traceparent)
            outcome = await self._until_done(durable, ear, message, model, traced)
            span.note({"kiez.outcome": outcome})
        if outcome == "behind":
            await self._park(durable, stream, message, meta, "BEHIND", "It waits for an earlier message.", behind=True)
            return
        self._metrics.consumed.labels(meta.type, outcome).inc()
        log.info("message", durable=durable, type=meta.type, outcome=outcome, id=meta.id)
        await message.ack()

    async def _until_done(self, durable: str, ear: Ear, message: NatsMessage, model: Heard, meta: Meta) -> str:
        while True:
            try:
                async with asyncio.timeout(self._handler_seconds):
                    return await self._inbox.apply(durable, ear, model, meta)
            except (Unavailable, Stale):
                # Nothing is counted while the store or a neighbour is away, or others write: the message stays ours.
                await message.in_progress()
                await asyncio.sleep(STORE_AWAY_SECONDS)

    async def _again_later(
        self, durable: str, stream: Stream, message: NatsMessage, meta: Meta | None, error: Exception, delivered: int
    ) -> None:
        kind = type(error).__name__
        log.error("a message could not be handled", durable=durable, error=kind, delivered=delivered, exc_info=error)
        self._metrics.bugs.labels("message").inc()
        if delivered > len(RETRY_SECONDS):
            await self._park(durable, stream, message, meta, *why_parked(error))
        else:
            await message.nack(delay=RETRY_SECONDS[delivered - 1] * random.uniform(0.8, 1.2))  # noqa: S311 - jitter

    async def _park(
        self,
        durable: str,
        stream: Stream,
        message: NatsMessage,
        meta: Meta | None,
        reason: str,
        sentence: str,
        *,
        behind: bool = False,
    ) -> None:
        raw = message.raw_message
        headers = {name: value for name, value in (raw.headers or {}).items() if _PLAIN_HEADER.fullmatch(name)}
        place = f"{stream.name}:{raw.metadata.sequence.stream}"
        parked = Parked(
            id=f"{durable}:{meta.id if meta else place}",
            durable=durable,
            stream=stream.name,
            type=meta.type if meta else headers.get("ce-type", "")[:LONGEST_NAME],
            aggregate_id=meta.aggregate_id if meta else place,
            sequence=meta.sequence if meta else 0,
            reason=reason,
            sentence=sentence,
            body=raw.data.decode(errors="replace"),
            behind=behind,
            parked_at=machine_now(),
            headers=headers,
        )
        await self._again_while_away(message, parked)
        # A label is never what somebody sent: each new one would stay in memory.
        known = parked.type if parked.type in self.ears[durable] else "unreadable"
        self._metrics.consumed.labels(known, "parked").inc()
        log.warning("a message is parked", durable=durable, type=parked.type, reason=reason, id=parked.id)
        await message.ack()

    async def _again_while_away(self, message: NatsMessage, parked: Parked) -> None:
        while True:
            try:
                await self._inbox.park(parked)
            except (Unavailable, Stale):
                await message.in_progress()
                await asyncio.sleep(STORE_AWAY_SECONDS)
            else:
                return

    async def redrive(self, parked: Parked) -> str:
        """Run the handler of a parked message again, in this process; raises what the handler raises."""
        ear = self.ears.get(parked.durable, {}).get(parked.type)
        meta = read_meta(parked.headers)
        if ear is None:
            raise Unreadable(f"nothing here hears {parked.type}")
        model = _read(ear.model, parked.body.encode())
        return await self._inbox.apply(parked.durable, ear, model, meta, redriven=True)

    async def _watch(self) -> None:
        """End the process when the server twice does not know a durable that we consume: it would idle for ever."""
        missed: dict[str, int] = {}
        while True:
            await self._count_parked()
            await asyncio.sleep(WATCH_SECONDS)
            for durable, stream in list(self._durables.items()):
                try:
                    found = await (await self.jetstream()).consumer_info(stream.name, durable)
                    self._metrics.pending.labels(durable).set((found.num_pending or 0) + (found.num_ack_pending or 0))
                    missed[durable] = 0
                except NotFoundError:
                    missed[durable] = missed.get(durable, 0) + 1
                except (NatsError, OSError, TimeoutError):
                    continue
                if missed[durable] >= 2:
                    log.critical("a durable is gone; ending, to be started anew", durable=durable)
                    os._exit(71)

    async def _count_parked(self) -> None:
        try:
            self._metrics.parked.set(await self._inbox.parked_count())
        except Exception as error:
            log.debug("parked messages cannot be counted", error=type(error).__name__)

    def not_heard_yet(self) -> list[str]:
        """The streams that are not there, or not subscribed to, yet."""
        return [self.stream_of(durable) for durable in self.ears if durable not in self._durables]

    @property
    def connected(self) -> bool:
        client = self._client.now
        return client is not None and client.is_connected

    async def stop_hearing(self) -> None:
        self._stopping = True
        broker = await self._broker.settled()
        if broker is not None:
            with suppress(OSError, NatsError):
                await broker.stop()

    async def close(self) -> None:
        self._stopping = True
        client = await self._client.settled()
        if client is not None:
            # A server that is away cannot be told goodbye.
            with suppress(OSError, NatsError):
                await client.close()


async def _quiet(error: Exception) -> None:
    log.debug("NATS", error=type(error).__name__)
