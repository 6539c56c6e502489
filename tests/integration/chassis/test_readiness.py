"""What an operator is told: /readyz in words, lag and parked messages as metrics."""

import asyncio
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import nats
from prometheus_client import CollectorRegistry

from chassis.bus import streams
from chassis.inbox import MOST_COUNTED
from chassis.ports import new_id
from chassis.refusals import NotNow
from chassis.runtime import Running, Service
from chassis.store import Store
from kiezctl.embedded import nats_server
from kiezctl.strip import free_port
from tests.support.city import City, eventually
from tests.support.toy import Toy, ToySettings, a_toy


async def get(running: Running, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.http_port}") as browser:
        return await browser.get(path)


async def test_a_service_that_waits_for_its_store_says_so(city: City) -> None:
    settings = city.settings(ToySettings, "toy", store_uri=f"mongodb://127.0.0.1:{free_port()}/?directConnection=true")
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    running = Running(Service("toy", settings, store, (), (), {}))
    starting = asyncio.create_task(running.start())

    async def listens() -> bool:
        return bool(running.http_port)

    await eventually(listens)
    ready = await get(running, "/readyz")
    assert ready.status_code == 503
    assert ready.json()["missing"] == {
        "service": "starts; it takes no calls now",
        "store": "does not answer; neither calls nor messages can be carried out",
    }
    assert (await get(running, "/livez")).status_code == 200
    page = await get(running, "/anything")
    assert (page.status_code, page.json()["reason"]) == (503, "STARTING")
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    await running.web.stop()
    await store.close()


async def test_a_service_without_nats_is_ready_and_says_what_waits(city: City) -> None:
    async with a_toy(city, nats_url=f"nats://127.0.0.1:{free_port()}") as toy:
        ready = (await get(toy.started.running, "/readyz")).json()
    assert ready["ready"] is True
    assert ready["besides"] == {"nats": "does not answer; facts wait in the outbox, and nothing is heard from others"}


async def test_a_stream_that_is_not_heard_is_counted_and_told_until_it_is(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server, a_toy(city, nats_url=server.url) as toy:
        running = toy.started.running
        registry = running.service.metrics.registry

        async def awaits(number: int) -> bool:
            return value(registry, "kiez_streams_awaited") == number

        async def is_up() -> bool:
            return running.nats.is_up

        await eventually(is_up)
        await eventually(partial(awaits, 1))
        said = (await get(running, "/readyz")).json()["besides"]["streams"]
        assert said == "OTHER not heard yet: not there, or the durable is not as it must be (deploy/roll)"
        client = await nats.connect(server.url)
        await streams.provide_stream(client.jetstream(), "other", 1)
        await client.close()
        await eventually(partial(awaits, 0))

        async def says_nothing() -> bool:
            return not (await get(running, "/readyz")).json()["besides"]

        await eventually(says_nothing)


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


async def test_lag_and_parked_messages_are_counted_and_told(city: City, toy: Toy) -> None:
    running = toy.started.running
    registry = running.service.metrics.registry
    durable = "toy-other"

    async def say(cents: int) -> None:
        await city.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": cents})

    async def shows(name: str, at_least: float, **labels: str) -> None:
        async def look() -> bool:
            return (value(registry, name, **labels) or 0) >= at_least

        await eventually(look, 20)

    toy.broken[666] = ZeroDivisionError("it hangs in its retries while others wait behind it")
    await say(666)
    for _ in range(3):
        await say(1)
    await shows("kiez_consumer_pending", 3, durable=durable)
    toy.broken[666] = NotNow("TOY_SAYS_NO", "Not this one.")
    await shows("kiez_parked", 1)
    ready = (await get(running, "/readyz")).json()
    assert ready["besides"]["parked"] == "1 waiting for an operator (kiezctl parked list)"

    async def caught_up() -> bool:
        return value(registry, "kiez_consumer_pending", durable=durable) == 0

    await eventually(caught_up, 20)


async def test_of_more_parked_messages_than_anybody_counts_it_is_said_that_there_are_more(city: City) -> None:
    async with a_toy(city) as toy:
        rows = [{"_id": f"{number}", "durable": "toy-other"} for number in range(MOST_COUNTED + 1)]
        await toy.store.rows("parked").insert_many(rows)
        assert await toy.started.running.inbox.parked_count("toy-other") == MOST_COUNTED
        ready = (await get(toy.started.running, "/readyz")).json()
    assert ready["besides"]["parked"] == "1000 or more waiting for an operator (kiezctl parked list)"
