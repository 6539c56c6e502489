"""Streams and durables as their owner wants them, and every message of theirs handed on."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from chassis.envelope import Heard

_OF_A_STREAM = b"$JS.ACK."
DUPLICATE_SECONDS = 600.0


def leave_stored_messages(client: Any) -> None:
    """Have a client of nats-py hand on every message of a stream.

    By itself it takes one with a `Status` header, or with a status in its first line, for a word of the server: it drops it,
    or stops reading for good. The message is then delivered to nobody, and its durable waits for it for ever.
    """
    process = client._process_msg  # noqa: SLF001 - nats-py has no public place for this

    async def process_stored(sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        stored = bool(headers) and reply.startswith(_OF_A_STREAM)
        await process(sid, subject, reply, data, _without_status(headers) if stored else headers)

    client._process_msg = process_stored  # noqa: SLF001 - see above


def _without_status(headers: bytes) -> bytes:
    lines = headers.split(b"\r\n")[1:]
    return b"\r\n".join((b"NATS/1.0", *(line for line in lines if line.partition(b":")[0].strip() != b"Status")))


async def nothing() -> None:
    return None


async def provide_stream(
    js: JetStreamContext, service: str, replicas: int, *, anew: Callable[[], Awaitable[None]] = nothing
) -> None:
    """Make or update the stream of `service`: both audiences, kept for ever. `anew` comes before making it."""
    config = StreamConfig(
        name=service.upper(),
        subjects=[f"kiez.pub.{service}.v1.>", f"kiez.int.{service}.v1.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_age=0,
        duplicate_window=DUPLICATE_SECONDS,
        num_replicas=replicas,
        deny_delete=False,
    )
    try:
        await js.stream_info(service.upper())
    except NotFoundError:
        await anew()
        await js.add_stream(config)
    else:
        await js.update_stream(config)


async def stream_is_there(js: JetStreamContext, name: str) -> bool:
    try:
        await js.stream_info(name)
    except NotFoundError:
        return False
    return True


async def provide_durable(
    js: JetStreamContext, stream: str, durable: str, heard: Iterable[type[Heard]], ack_seconds: float
) -> None:
    """Make or update a durable: `pull_subscribe` would never update one that is there."""
    await js.add_consumer(stream, durable_config(durable, heard, ack_seconds))


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
