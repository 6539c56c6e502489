"""From the commit to a foreign subscriber, against a JetStream publish to the same subscriber; p50 and p99."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy

from bench.measure import Row, percentile
from bench.rig import Sizes
from chassis.ports import new_id
from tests.support.city import City
from tests.support.toy import a_toy

SUBJECT = "kiez.pub.toy.v1.raw.00.0.0.0"


async def rows(city: City, sizes: Sizes) -> list[Row]:
    count = sizes.calls
    async with a_toy(city) as toy:
        pot = await toy.add()
        await toy.started.published(pot.id)
        committed: list[float] = []
        take = toy.store.on_commit

        def at_commit(rows: Any) -> None:
            committed.append(time.perf_counter())
            take(rows)

        toy.store.on_commit = at_commit
        arrivals: asyncio.Queue[float] = asyncio.Queue()

        async def arrived(message: Msg) -> None:
            arrivals.put_nowait(time.perf_counter())

        await city.jetstream.subscribe(
            "kiez.pub.toy.v1.>", stream="TOY", ordered_consumer=True, cb=arrived,
            config=ConsumerConfig(deliver_policy=DeliverPolicy.NEW),
        )  # fmt: skip
        product: list[float] = []
        raw: list[float] = []
        for number in range(count + 20):
            committed.clear()
            await toy.fill(pot.id)
            product.append(await arrivals.get() - committed[0])
            began = time.perf_counter()
            # Published from another connection than the one that hears, as any publisher would be.
            await (await toy.started.running.nats.jetstream()).publish(
                SUBJECT, b"x" * 600, headers={"Nats-Msg-Id": new_id()}, stream="TOY"
            )
            raw.append(await arrivals.get() - began)
            if number < 20:
                product.clear()
                raw.clear()
    return [_row(percent, product, raw) for percent in (50, 99)]


def _row(percent: int, product: Sequence[float], raw: Sequence[float]) -> Row:
    ours, limit = (percentile(values, percent) * 1000 for values in (product, raw))
    return Row(f"commit → subscriber, p{percent}", "ms", ours, limit, goal=3, at_most=True)
