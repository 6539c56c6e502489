"""Hears what a service consumes: one durable and one FastStream subscriber a stream, looked after for as long as it runs."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from chassis.bus import streams
from chassis.bus.connection import Connection
from chassis.bus.handling import Handling
from chassis.inbox import Ear, Inbox, Parked, Stream
from chassis.metrics import Metrics
from chassis.opened import Opened
from chassis.refusals import Unavailable

log = structlog.get_logger()

FIRST_LOOK_SECONDS = 0.1
LOOK_AGAIN_SECONDS = 5.0
WATCH_SECONDS = 5.0
FETCH_SECONDS = 1.0
DURABLE_IS_GONE = 71


async def _whole(message: NatsMessage) -> NatsMessage:
    return message


class Hearing:
    """The consuming side of one service; `ears` says by durable and type who handles what."""

    def __init__(self, connection: Connection, inbox: Inbox, metrics: Metrics, *, ack_seconds: float) -> None:
        self._connection, self._inbox, self._metrics = connection, inbox, metrics
        # Who works longer than the server waits would work beside the next one.
        self._ack_seconds, self._handler_seconds = ack_seconds, ack_seconds * 2 / 3
        self._broker = Opened(self._start_broker)
        self._durables: dict[str, Stream] = {}
        self.ears: dict[str, dict[str, Ear]] = {}
        self._handling = Handling(inbox, metrics, self.ears, self._handler_seconds)

    async def run(self, heard: tuple[Stream, ...]) -> None:
        """Hear all of `heard` until cancelled; a stream that is not there yet is looked for again and again."""
        for stream in heard:
            self.ears[self.durable(stream)] = {ear.model.type: ear for ear in stream.ears}
            for ear in stream.ears:
                # From 0 on: of a counter that appears with its first count, nobody sees that it grew.
                self._metrics.consumed.labels(ear.model.type, "applied")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._provide())
            for stream in heard:
                group.create_task(self._hear(stream))
            group.create_task(self._watch())

    def durable(self, stream: Stream) -> str:
        return f"{self._connection.service}-{stream.name.lower()}"

    def stream_of(self, durable: str) -> str:
        return durable.removeprefix(f"{self._connection.service}-").upper()

    async def redrive(self, parked: Parked) -> str:
        """Run the handler of a parked message again, in this process; raises what the handler raises."""
        return await self._handling.redrive(parked)

    async def provide(self, heard: tuple[Stream, ...]) -> None:
        """Make this service's own stream and its durables; waits for the streams that it hears, for ever."""
        await self._provide()
        for stream in heard:
            await _again_until_done(partial(self._provide_durable, stream))

    async def _provide(self) -> None:
        """Have this service's own stream, so that others find it though nothing was said yet."""
        await _again_until_done(self._connection.jetstream)

    async def _hear(self, stream: Stream) -> None:
        async def look() -> None:
            await self._provide_durable(stream)
            durable = self.durable(stream)
            if durable not in self._durables:
                await self._subscribe(stream, durable)
                self._durables[durable] = stream

        await _again_until_done(look)

    async def _provide_durable(self, stream: Stream) -> None:
        js = await self._connection.jetstream()
        pause = FIRST_LOOK_SECONDS
        while not await streams.stream_is_there(js, stream.name):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LOOK_AGAIN_SECONDS)
        models = [ear.model for ear in stream.ears]
        await streams.provide_durable(js, stream.name, self.durable(stream), models, self._ack_seconds)

    async def _start_broker(self) -> NatsBroker:
        connection = self._connection
        options = connection.address.for_faststream(f"{connection.service} ears", connection.closed)
        # Its own reading of arguments, which nothing here needs, would be done anew for each message.
        options |= {"logger": None, "apply_types": False, "ack_policy": AckPolicy.MANUAL}
        broker = NatsBroker(**options, graceful_timeout=self._handler_seconds)
        client = await broker.connect()
        streams.leave_stored_messages(client, lambda: connection.is_stopping)
        streams.ask_nothing_while_away(client)
        connection.watch(client)
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
            # FastStream's own default would pull into everybody's inbox, whatever its connection was told.
            inbox_prefix=f"{self._connection.address.inbox_prefix}.".encode(),
            ack_policy=AckPolicy.MANUAL,
            decoder=_whole,
            no_reply=True,
        )

        @subscriber
        async def handle(message: NatsMessage) -> None:
            # It holds itself, as what was read of it, and would wait for the collector.
            message.clear_cache()
            await self._handling.take(durable, stream.name, message)

        await subscriber.start()

    async def _watch(self) -> None:
        """End the process when the server twice does not know a durable that we consume: it would idle for ever."""
        missed: dict[str, int] = {}
        while True:
            await self._count_parked()
            await asyncio.sleep(WATCH_SECONDS)
            for durable, stream in list(self._durables.items()):
                try:
                    found = await (await self._connection.jetstream()).consumer_info(stream.name, durable)
                    self._metrics.pending.labels(durable).set((found.num_pending or 0) + (found.num_ack_pending or 0))
                    missed[durable] = 0
                except NotFoundError:
                    missed[durable] = missed.get(durable, 0) + 1
                except (NatsError, OSError, TimeoutError, Unavailable):
                    continue
                if missed[durable] >= 2:
                    log.critical("a durable is gone; ending, to be started anew", durable=durable)
                    os._exit(DURABLE_IS_GONE)

    async def _count_parked(self) -> None:
        try:
            self._metrics.parked.set(await self._inbox.parked_count())
        except Exception as error:
            log.debug("parked messages cannot be counted", error=type(error).__name__)

    def not_heard_yet(self) -> list[str]:
        """The streams that are not there, or not subscribed to, yet."""
        return [self.stream_of(durable) for durable in self.ears if durable not in self._durables]

    async def stop(self) -> None:
        self._connection.stopping()
        broker = await self._broker.settled()
        if broker is not None:
            with suppress(OSError, NatsError):
                await broker.stop()


async def _again_until_done(attempt: Callable[[], Awaitable[Any]]) -> None:
    while True:
        try:
            await attempt()
        except (NatsError, OSError, TimeoutError, Unavailable) as error:
            log.debug("NATS is not ready", error=type(error).__name__)
            await asyncio.sleep(LOOK_AGAIN_SECONDS / 5)
        else:
            return
