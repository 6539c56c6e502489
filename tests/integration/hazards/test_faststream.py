"""What FastStream does that we work around: each test fails when the installed version no longer does it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from faststream.asgi import AsgiFastStream
from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from nats.js.api import ConsumerConfig, StreamConfig

from kiezctl.embedded import nats_server
from tests.support.city import NOBODY, City, eventually
from tests.support.hazard import still

FETCH = PullSub(batch_size=1, timeout=0.1)
LISTENS = """
import asyncio, sys
from faststream.nats import JStream, NatsBroker, PullSub

async def main():
    broker = NatsBroker(sys.argv[1], logger=None, max_reconnect_attempts=1, reconnect_time_wait=0, connect_timeout=1)

    @broker.subscriber("one.x", stream=JStream("ONE", declare=False), durable="d", pull_sub=PullSub(timeout=0.2))
    async def one(body): ...

    await broker.start()
    while True:
        print("beat", flush=True)
        await asyncio.sleep(0.05)

asyncio.run(main())
"""


async def test_still_a_closed_connection_starves_the_loop(tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server:
        maker = NatsBroker(server.url, logger=None)
        await (await maker.connect()).jetstream().add_stream(name="ONE", subjects=["one.>"])
        await maker.stop()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LISTENS, server.url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert process.stdout is not None
        try:
            assert await asyncio.wait_for(process.stdout.readline(), 20) == b"beat\n"
            await server.child.kill()
            starved = False
            for _ in range(200):
                try:
                    await asyncio.wait_for(process.stdout.readline(), 2)
                except TimeoutError:
                    starved = True
                    break
        finally:
            process.kill()
            await process.wait()
    still(starved, "exit code 70")


async def test_still_a_deleted_durable_is_waited_for_in_vain(city: City, broker: NatsBroker, stream: str) -> None:
    heard = asyncio.Event()

    @broker.subscriber(f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH)
    async def hear(body: Any) -> None:
        heard.set()

    await broker.start()
    await city.jetstream.delete_consumer(stream, "d")
    await city.jetstream.publish(f"{stream}.x", b"1")
    try:
        await asyncio.wait_for(heard.wait(), 1)
        silent = False
    except TimeoutError:
        silent = True
    still(silent and await broker.ping(1), "the watchdog with exit code 71")


async def test_still_the_default_policy_ends_a_message_at_the_first_exception(
    city: City, broker: NatsBroker, stream: str
) -> None:
    times = 0

    @broker.subscriber(f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH)
    async def fail(body: Any) -> None:
        nonlocal times
        times += 1
        raise ZeroDivisionError

    await broker.start()
    await city.jetstream.publish(f"{stream}.x", b"1")

    async def settled() -> bool:
        info = await city.jetstream.consumer_info(stream, "d")
        return times > 0 and not info.num_pending and not info.num_ack_pending

    await eventually(settled)
    still(times == 1, "acknowledging by hand")


async def test_still_nacking_on_error_has_no_pause(city: City, broker: NatsBroker, stream: str) -> None:
    at: list[float] = []

    @broker.subscriber(
        f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH,
        ack_policy=AckPolicy.NACK_ON_ERROR, config=ConsumerConfig(max_deliver=4, backoff=[5.0, 5.0, 5.0]),
    )  # fmt: skip
    async def fail(body: Any) -> None:
        at.append(asyncio.get_running_loop().time())
        raise ZeroDivisionError

    await broker.start()
    await city.jetstream.publish(f"{stream}.x", b"1")

    async def four() -> bool:
        return len(at) == 4

    await eventually(four)
    still(at[-1] - at[0] < 5, "the pause that goes with each nak")


async def test_still_two_subscribers_on_one_durable_start_and_get_each_others_messages(
    city: City, broker: NatsBroker, stream: str
) -> None:
    heard: list[tuple[str, str]] = []

    def hearing(fact: str) -> None:
        @broker.subscriber(
            f"{stream}.{fact}", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH,
            config=ConsumerConfig(filter_subject=f"{stream}.*"),
        )  # fmt: skip
        async def hear(body: str) -> None:
            heard.append((fact, body))

    hearing("opened")
    hearing("closed")
    await broker.start()
    said = [fact for fact in ("opened", "closed") for _ in range(4)]
    for fact in said:
        await city.jetstream.publish(f"{stream}.{fact}", fact.encode())

    async def settled() -> bool:
        info = await city.jetstream.consumer_info(stream, "d")
        return not info.num_pending and not info.num_ack_pending

    await eventually(settled)
    still(sorted(heard) != sorted((fact, fact) for fact in said), "the one subscriber for each stream")


async def test_still_a_stream_that_is_named_is_declared_anew(city: City, broker: NatsBroker, stream: str) -> None:
    await city.jetstream.update_stream(StreamConfig(name=stream, subjects=[f"{stream}.>"], max_age=3_600))

    @broker.subscriber(f"{stream}.x", stream=JStream(stream), durable="d", pull_sub=FETCH)
    async def hear(body: Any) -> None: ...

    await broker.start()
    config = (await city.jetstream.stream_info(stream)).config
    still(not config.max_age, "declare=False")


async def test_still_publishing_without_a_stream_is_heard_by_nobody_and_no_error(broker: NatsBroker) -> None:
    await broker.start()
    publish: Any = broker.publish
    still(await publish("x", "nobody.hears.this") is None, "publishing by the outbox alone")


def test_still_the_documentation_page_publishes() -> None:
    from faststream.asgi import AsyncAPIRoute  # noqa: PLC0415 - read for its default alone

    still(AsyncAPIRoute("/docs").try_it_out_path, "the generated file docs/messages/asyncapi.json")


async def test_still_a_body_that_is_no_json_ends_before_any_handler_and_leaves_no_trace(
    city: City, broker: NatsBroker, stream: str
) -> None:
    heard: list[Any] = []

    @broker.subscriber(f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH)
    async def hear(body: dict[str, Any]) -> None:
        heard.append(body)

    await broker.start()
    await city.jetstream.publish(f"{stream}.x", b"{no", headers={"content-type": "application/json"})

    async def settled() -> bool:
        info = await city.jetstream.consumer_info(stream, "d")
        return bool(info.delivered and info.delivered.stream_seq) and not info.num_ack_pending

    await eventually(settled)
    still(not heard, "reading bodies in the chassis")


async def test_still_a_message_that_no_filter_takes_is_ended_for_good(
    city: City, broker: NatsBroker, stream: str
) -> None:
    heard: list[Any] = []
    subscriber = broker.subscriber(f"{stream}.x", stream=JStream(stream, declare=False), durable="d", pull_sub=FETCH)

    @subscriber(filter=lambda message: message.headers.get("ce-type") == "known")
    async def hear(body: Any) -> None:
        heard.append(body)

    await broker.start()
    await city.jetstream.publish(f"{stream}.x", b"1", headers={"ce-type": "unknown"})

    async def settled() -> bool:
        info = await city.jetstream.consumer_info(stream, "d")
        return bool(info.delivered and info.delivered.stream_seq) and not info.num_ack_pending

    await eventually(settled)
    still(not heard, "choosing handlers in the chassis")


async def test_still_an_application_says_that_it_has_started_before_its_broker_is_connected() -> None:
    broker = NatsBroker(f"nats://{NOBODY}", logger=None)
    said: asyncio.Queue[str] = asyncio.Queue()

    async def receive() -> dict[str, str]:
        if said.empty():
            return {"type": "lifespan.startup"}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        said.put_nowait(message["type"])

    app: Any = AsgiFastStream(broker, logger=None)
    running = asyncio.create_task(app({"type": "lifespan"}, receive, send))
    first = await asyncio.wait_for(said.get(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    still(first == "lifespan.startup.complete", "the composition root that waits and tells of it")


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
