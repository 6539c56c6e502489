"""`make up` until all is ready, packages being there, against a nats-server and four stores alone."""

from bench.installation import servers_ready, up
from bench.measure import Row, in_turns
from bench.rig import Sizes
from chassis.ports import new_id
from tests.support.city import City


async def rows(city: City, sizes: Sizes) -> list[Row]:
    async def product() -> float:
        async with up(city.folder / f"home-{new_id()}") as (_, seconds):
            return seconds

    async def raw() -> float:
        folder = city.folder / f"servers-{new_id()}"
        folder.mkdir()
        return await servers_ready(folder)

    found = await in_turns(product, raw, min(sizes.rounds, 3))
    return [Row("ready after make up", "s", *found, goal=2, at_most=True)]
