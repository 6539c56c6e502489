"""Outbox to stream, against nats-py's pipelined publish of the same bytes and one bulk update that marks the rows."""

import asyncio
import time
from typing import Any

from nats.js.api import StreamConfig

from bench.measure import Row, in_turns
from bench.rig import Sizes
from chassis.clock import machine_now
from chassis.outbox.relay import PARALLEL
from chassis.ports import new_id
from tests.support.city import City
from tests.support.toy import Toy, a_toy

STREAM = "RAW"


async def rows(city: City, sizes: Sizes) -> list[Row]:
    # Fewer are over before a noise of the machine is.
    count = sizes.calls * 5
    await city.jetstream.add_stream(StreamConfig(name=STREAM, subjects=["raw.>"], duplicate_window=600))
    async with a_toy(city) as toy:
        outbox = toy.store.rows("outbox")
        sample = await _sample(toy)

        async def product() -> float:
            made = [_row(sample) for _ in range(count)]
            await outbox.insert_many(made)
            began = time.perf_counter()
            toy.started.running.relay.take(made)
            if not await toy.started.running.relay.flush(60):
                raise TimeoutError
            return count / (time.perf_counter() - began)

        async def raw() -> float:
            made = [_row(sample) | {"published_at": machine_now()} for _ in range(count)]
            await toy.store.rows("raw_outbox").insert_many(made)
            began = time.perf_counter()
            await _publish(city, made)
            ids = [row["_id"] for row in made]
            await toy.store.rows("raw_outbox").update_many(
                {"_id": {"$in": ids}}, {"$set": {"published_at": machine_now()}}
            )
            return count / (time.perf_counter() - began)

        found = await in_turns(product, raw, sizes.rounds)
    return [Row("relay", "facts/s", *found, goal=0.7)]


async def _sample(toy: Toy) -> dict[str, Any]:
    pot = await toy.add()
    await toy.started.published(pot.id)
    row: dict[str, Any] = await toy.store.rows("outbox").find_one({"aggregate": pot.id})
    return row


def _row(sample: dict[str, Any]) -> dict[str, Any]:
    """Another aggregate's first fact, of the same size."""
    id, aggregate = new_id(), new_id()
    headers = sample["headers"] | {"ce-id": id, "Nats-Msg-Id": id, "ce-subject": aggregate}
    return sample | {
        "_id": id, "aggregate": aggregate, "seq": 1, "headers": headers, "published_at": None, "recorded_at": machine_now(),
    }  # fmt: skip


async def _publish(city: City, rows: list[dict[str, Any]]) -> None:
    waiting = iter(rows)

    async def publish() -> None:
        for row in waiting:
            await city.jetstream.publish(
                f"raw.{row['aggregate']}", row["data"].encode(), headers=row["headers"], stream=STREAM
            )

    await asyncio.gather(*(publish() for _ in range(PARALLEL)))
