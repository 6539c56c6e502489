"""What the services say: the messages of all four streams, as they come or from the first, in one sequence."""

import asyncio
import heapq
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from kiezctl.ports import SERVICES
from kiezctl.wire import nats_options

LOOK_AGAIN_SECONDS = 1.0
# So long a server that was started anew goes unnoticed.
LIVE_SECONDS = 2.0
EVERYTHING = ("kiez.>",)


@dataclass(frozen=True)
class Said:
    """One message. `time` is its calendar instant, `stored` when the stream got it (machine time)."""

    subject: str
    headers: dict[str, str]
    body: dict[str, Any]
    stream: str
    number: int
    stored: datetime

    @property
    def id(self) -> str:
        return self.headers.get("ce-id", "")

    @property
    def service(self) -> str:
        return self.subject.split(".")[2]

    @property
    def fact(self) -> str:
        return self.subject.split(".")[4]

    @property
    def is_public(self) -> bool:
        return self.subject.startswith("kiez.pub.")

    @property
    def region(self) -> str:
        """The finest LOR key of the subject."""
        return [key for key in self.subject.split(".")[5:] if key != "0"][-1]

    @property
    def time(self) -> datetime:
        try:
            return datetime.fromisoformat(self.headers["ce-time"])
        except (KeyError, ValueError):
            return self.stored


def subjects(subject: str = "", service: str = "", region: str = "") -> tuple[str, ...]:
    """Subject filters for a subject as given, or for a service and a region (LOR key)."""
    if subject:
        return (subject,)
    place = [region[:n] for n in range(2, len(region) + 1, 2)]
    whose = ["kiez", "*", service or "*"]
    if not place:
        return (".".join([*whose, ">"]),)
    return (".".join([*whose, "v1", "*", *place, *([">"] if len(region) < 8 else [])]),)


def streams_of(service: str) -> tuple[str, ...]:
    return (service.upper(),) if service else tuple(name.upper() for name in SERVICES)


class Reader:
    """Reads one stream by number, with a consumer of its own; after a broken connection it goes on where it was."""

    def __init__(self, js: JetStreamContext, stream: str, wanted: Iterable[str]) -> None:
        self._js, self.stream, self._wanted = js, stream, list(wanted)
        self._next, self._delivered = 1, 0
        # How many wait behind the last one that came; None where that is not known.
        self._left: int | None = None
        self._subscription: JetStreamContext.PullSubscription | None = None

    async def last(self) -> int:
        """The number of the newest message of the stream; 0 when it has none, or is not there yet."""
        try:
            return int((await self._js.stream_info(self.stream)).state.last_seq)
        except (NatsError, TimeoutError):
            return 0

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message on these subjects has come."""
        return self._left == 0

    def start_at(self, number: int) -> None:
        self._next = number
        self._forget()

    async def read(self, most: int, within: float) -> list[Said]:
        """The next messages, `most` of them or what comes `within` seconds; an empty list is no end."""
        try:
            if self._subscription is None:
                self._subscription = await self._subscribe()
                self._delivered = 0
            messages = await self._subscription.fetch(most, timeout=within)
        except TimeoutError:
            if self._left:
                # They went into a connection that broke, or the server is busy: read on from the last one that came.
                self._forget()
            return []
        except NatsError:
            # The stream is not there yet, or the server forgot the consumer when it was started anew.
            self._forget()
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            return []
        if messages and messages[0].metadata.sequence.consumer != self._delivered + 1:
            self._forget()
            return []
        self._delivered += len(messages)
        found = [_said(message) for message in messages]
        if found:
            self._next, self._left = found[-1].number + 1, messages[-1].metadata.num_pending
        return found

    def _forget(self) -> None:
        self._subscription = self._left = None

    async def _subscribe(self) -> JetStreamContext.PullSubscription:
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._next,
            filter_subjects=self._wanted,
            inactive_threshold=60.0,
            ack_policy=AckPolicy.NONE,
            mem_storage=True,
        )
        consumer = await self._js.add_consumer(self.stream, config)
        self._left = consumer.num_pending or 0
        return await self._js.pull_subscribe_bind(consumer=consumer.name, stream=self.stream)


async def _connect(url: str) -> Client:
    async def quiet(_: Exception) -> None:
        return None

    return await nats.connect(**nats_options(url), max_reconnect_attempts=-1, reconnect_time_wait=1, error_cb=quiet)


async def said(
    url: str, wanted: Iterable[str] = EVERYTHING, *, streams: Iterable[str] = streams_of(""), from_start: bool = False
) -> AsyncIterator[Said]:
    """All messages on these subjects, for ever; what was said before (`from_start`) in the order in which it was stored."""
    client = await _connect(url)
    wanted = tuple(wanted)
    try:
        readers = [Reader(client.jetstream(timeout=3), stream, wanted) for stream in streams]
        ends = {reader.stream: await reader.last() for reader in readers}
        if from_start:
            async for message in _merged([_past(reader, ends[reader.stream]) for reader in readers]):
                yield message
        for reader in readers:
            reader.start_at(ends[reader.stream] + 1)
        async for message in _live(readers):
            yield message
    finally:
        await client.close()


async def _past(reader: Reader, end: int) -> AsyncIterator[Said]:
    while end and not reader.is_at_end:
        for message in await reader.read(100, within=LIVE_SECONDS):
            if message.number > end:
                return
            yield message


async def _merged(parts: list[AsyncIterator[Said]]) -> AsyncIterator[Said]:
    """Several sequences that are each in order as one; none is read further than needed."""
    heads: list[tuple[datetime, int, Said]] = []
    for index, part in enumerate(parts):
        async for message in part:
            heapq.heappush(heads, (message.stored, index, message))
            break
    while heads:
        _, index, message = heapq.heappop(heads)
        yield message
        async for following in parts[index]:
            heapq.heappush(heads, (following.stored, index, following))
            break


async def _live(readers: list[Reader]) -> AsyncIterator[Said]:
    arrived: asyncio.Queue[Said] = asyncio.Queue(1000)

    async def carry(reader: Reader) -> None:
        while True:
            for message in await reader.read(1, within=LIVE_SECONDS):
                await arrived.put(message)

    carriers = [asyncio.create_task(carry(reader)) for reader in readers]
    try:
        while True:
            yield await arrived.get()
    finally:
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)


def _said(message: Msg) -> Said:
    try:
        body = json.loads(message.data)
    except ValueError:
        body = {}
    place, stored = message.metadata.sequence.stream, message.metadata.timestamp
    return Said(
        subject=message.subject,
        headers=dict(message.headers or {}),
        body=body if isinstance(body, dict) else {},
        stream=message.metadata.stream,
        number=place,
        stored=stored.astimezone(UTC),
    )
