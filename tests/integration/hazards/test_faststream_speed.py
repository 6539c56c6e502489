"""What FastStream offers for more speed, and what it costs: each test fails when the installed version no longer does so."""

import asyncio
from contextlib import suppress

import pytest
from faststream.nats import JStream, NatsBroker, PullSub
from nats.js.errors import Error as JetStreamError

from tests.support.city import City, eventually
from tests.support.hazard import still


async def _nothing_is_left(city: City, stream: str, said: int) -> bool:
    info = await city.jetstream.consumer_info(stream, "d")
    delivered = info.delivered.stream_seq if info.delivered else 0
    return delivered == said and not info.num_pending and not info.num_ack_pending


async def test_still_one_bad_message_fails_its_whole_batch(city: City, broker: NatsBroker, stream: str) -> None:
    for body in (b"1", b"2", b"none", b"4"):
        await city.jetstream.publish(f"{stream}.x", body)
    heard: list[int] = []

    @broker.subscriber(
        f"{stream}.x", stream=JStream(stream, declare=False), durable="d",
        pull_sub=PullSub(batch_size=4, timeout=5, batch=True),
    )  # fmt: skip
    async def hear(bodies: list[int]) -> None:
        heard.extend(bodies)

    await broker.start()
    await eventually(lambda: _nothing_is_left(city, stream, 4))
    still(not heard, "taking one message at a time")


async def test_still_pulling_more_than_one_message_handles_them_at_the_same_time(
    city: City, broker: NatsBroker, stream: str
) -> None:
    for _ in range(2):
        await city.jetstream.publish(f"{stream}.x", b"1")
    both = asyncio.Barrier(2)

    @broker.subscriber(
        f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=PullSub(batch_size=2, timeout=5)
    )
    async def hear(body: int) -> None:
        # Whoever comes alone waits in vain, and so the other one does.
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            async with asyncio.timeout(1):
                await both.wait()
                met.set()

    met = asyncio.Event()
    await broker.start()
    await eventually(lambda: _nothing_is_left(city, stream, 2))
    still(met.is_set(), "batch_size=1")


async def test_still_two_replicas_cannot_share_a_durable_that_is_pushed_to(
    city: City, broker: NatsBroker, stream: str
) -> None:
    replica = NatsBroker(city.nats_url, logger=None)
    for one in (broker, replica):
        with pytest.warns(RuntimeWarning, match="can't be scaled"):

            @one.subscriber(f"{stream}.x", stream=JStream(stream, declare=False), durable="d")
            async def hear(body: int) -> None: ...

    await broker.start()
    try:
        await replica.start()
        refused = False
    except JetStreamError as error:
        refused = "already bound" in str(error)
    finally:
        await replica.stop()
    still(refused, "pulling")
