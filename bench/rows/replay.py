"""A new subscriber that replays the log (as `kiezctl tail --from-start` reads it), against nats-py's fetch alone."""

import asyncio
import time

from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from bench.measure import Row, in_turns
from bench.rig import Sizes
from chassis.ports import new_id
from kiezctl.said import Reader
from tests.support.city import City

AT_ONCE = 100


async def rows(city: City, sizes: Sizes) -> list[Row]:
    count = sizes.calls * 5
    state = {"id": "", "region": "114009", "name": "Nachbarschaftshaus", "note": "x" * 400}
    for first in range(0, count, AT_ONCE):
        some = range(first, min(first + AT_ONCE, count))
        await asyncio.gather(*(city.say("other", "thing_done", {**state, "id": new_id()}) for _ in some))

    async def product() -> float:
        reader = Reader(city.jetstream, "OTHER", ("kiez.>",))
        began = time.perf_counter()
        read = 0
        while read < count:
            read += len(await reader.read(AT_ONCE, within=5))
        return count / (time.perf_counter() - began)

    async def raw() -> float:
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.NONE, mem_storage=True, inactive_threshold=60
        )
        began = time.perf_counter()
        consumer = await city.jetstream.add_consumer("OTHER", config)
        subscription = await city.jetstream.pull_subscribe_bind(consumer=consumer.name, stream="OTHER")
        read = 0
        while read < count:
            read += len(await subscription.fetch(AT_ONCE, timeout=5))
        return count / (time.perf_counter() - began)

    return [Row("replay", "messages/s", *await in_turns(product, raw, sizes.rounds), goal=0.8)]
