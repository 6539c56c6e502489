"""Streams and durables as their owner wants them, and every message of theirs handed on."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from chassis.envelope import Heard

_OF_A_STREAM = b"$JS.ACK."
_ASKS_FOR_MESSAGES = "$JS.API.CONSUMER.MSG.NEXT."
AWAY_SECONDS = 1.0
DUPLICATE_SECONDS = 600.0


def leave_stored_messages(client: Any, is_stopping: Callable[[], bool]) -> None:
    """Have a client of nats-py hand on every message of a stream, and give back at once what comes while the service stops.

    By itself it takes one with a `Status` header, or with a status in its first line, for a word of the server: it drops it,
    or stops reading for good. The message is then delivered to nobody, and its durable waits for it for ever. And FastStream
    drops what comes while it stops: the durable would wait for its acknowledgement, and with it all that follows.
    """
    process = client._process_msg  # noqa: SLF001 - nats-py has no public place for this

    async def process_stored(sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        stored = reply.startswith(_OF_A_STREAM)
        if stored and is_stopping():
            await Msg(client, reply=reply.decode()).nak()
        else:
            await process(sid, subject, reply, data, _without_status(headers) if stored and headers else headers)

    client._process_msg = process_stored  # noqa: SLF001 - see above


def ask_nothing_while_away(client: Any) -> None:
    """Have a client of nats-py keep no request for messages for a server that is not there.

    It would keep each until its memory for what waits is full, after hours, and then raise what FastStream answers with a new
    task at once, without end; a server that comes back would get them all.
    """
    publish = client.publish

    async def publish_now(subject: str, *what: Any, **how: Any) -> None:
        if subject.startswith(_ASKS_FOR_MESSAGES) and not client.is_connected:
            await asyncio.sleep(AWAY_SECONDS)
            raise NatsTimeout
        await publish(subject, *what, **how)

    client.publish = publish_now


def _without_status(headers: bytes) -> bytes:
    lines = headers.split(b"\r\n")[1:]
    return b"\r\n".join((b"NATS/1.0", *(line for line in lines if line.partition(b":")[0].strip() != b"Status")))


@dataclass(frozen=True, slots=True)
class Found:
    """A stream as it was found: when it was made (ISO 8601, as exact as the server says it), and how many it holds."""

    created: str
    messages: int


async def provide_stream(js: JetStreamContext, service: str, replicas: int) -> Found:
    """The stream of `service` as it should be: both audiences, kept for ever.

    What is as it should be is left alone: where operations make the streams, a service needs no right to change them.
    """
    config = stream_config(service, replicas)
    try:
        info = await js.stream_info(config.name or "")
    except NotFoundError:
        info = await js.add_stream(config)
    else:
        if _differs(info.config, config):
            info = await js.update_stream(config)
    return Found(cast(datetime, info.created).isoformat(), info.state.messages)


async def created(js: JetStreamContext, service: str) -> str:
    """When the stream of `service` was made, as in `Found`; empty when there is none. What it is set to is nobody's affair here."""
    try:
        info = await js.stream_info(service.upper())
    except NotFoundError:
        return ""
    return cast(datetime, info.created).isoformat()


def stream_config(service: str, replicas: int) -> StreamConfig:
    return StreamConfig(
        name=service.upper(),
        subjects=[f"kiez.pub.{service}.v1.>", f"kiez.int.{service}.v1.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_age=0,
        duplicate_window=DUPLICATE_SECONDS,
        num_replicas=replicas,
        deny_delete=False,
    )


def _differs(there: Any, wanted: Any) -> bool:
    """Whether anything that we ask for is otherwise; what we leave open is the server's."""
    asked = ((name, value) for name, value in vars(wanted).items() if value is not None)
    # The server leaves out what is zero, empty or false.
    return any((getattr(there, name) or None) != (value or None) for name, value in asked)


async def stream_is_there(js: JetStreamContext, name: str) -> bool:
    try:
        await js.stream_info(name)
    except NotFoundError:
        return False
    return True


async def provide_durable(
    js: JetStreamContext, stream: str, durable: str, heard: Iterable[type[Heard]], ack_seconds: float
) -> None:
    """Make a durable, or give it the settings of today: `pull_subscribe` would never change one that is there."""
    config = durable_config(durable, heard, ack_seconds)
    try:
        info = await js.consumer_info(stream, durable)
    except NotFoundError:
        await js.add_consumer(stream, config)
    else:
        if _differs(info.config, config):
            await js.add_consumer(stream, config)


def durable_config(durable: str, heard: Iterable[type[Heard]], ack_seconds: float) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=durable,
        filter_subjects=sorted(model.filter_subject() for model in heard),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ack_seconds,
        max_deliver=-1,
        max_ack_pending=1,
    )
