"""One message after the other consumed with its effect, against one transaction of the same writes."""

import asyncio
import time
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from bench import recording
from bench.measure import Row, in_turns
from bench.rig import Sizes
from chassis.ports import new_id
from tests.support.city import City, eventually
from tests.support.toy import Toy, a_toy


async def rows(city: City, sizes: Sizes) -> list[Row]:
    count = max(sizes.calls // 2, 4)
    async with a_toy(city) as toy:
        await _hear(city, toy, 1)
        with recording.recorded() as noted:
            await _hear(city, toy, 1)
        client: Any = AsyncIOMotorClient(city.store_uri, tz_aware=True)
        database = client[f"{toy.started.running.service.settings.store_name}_raw"]

        async def product() -> float:
            return await _hear(city, toy, count)

        async def raw() -> float:
            ready = [recording.again(noted.as_text()) for _ in range(count)]
            for commands in ready:
                await recording.prepare(database, commands)
            began = time.perf_counter()
            for commands in ready:
                await recording.transact(client, database, commands)
            return count / (time.perf_counter() - began)

        found = await in_turns(product, raw, sizes.rounds)
        client.close()
    return [Row("message consumed", "messages/s", *found, goal=0.7)]


async def _hear(city: City, toy: Toy, count: int) -> float:
    """How many were consumed in a second, from when all were there."""
    toy.done.clear()
    await asyncio.gather(*(city.say("other", "thing_done", _thing()) for _ in range(count)))
    left, began = count - len(toy.done), time.perf_counter()

    async def all_done() -> bool:
        return len(toy.done) >= count

    await eventually(all_done, 120)
    return left / (time.perf_counter() - began)


def _thing() -> dict[str, Any]:
    return {"id": new_id(), "region": "114009", "cents": 1}
