"""What the process of an idle service holds in memory, against one that has made the same imports."""

import asyncio

from bench.installation import imports_alone, up
from bench.measure import Row
from bench.rig import Sizes, resident_bytes
from kiezctl.ports import SERVICES
from tests.support.city import City


async def rows(city: City, sizes: Sizes) -> list[Row]:
    async with up(city.folder / "home") as (run, _):
        # What is measured is what is left after a while of nothing.
        await asyncio.sleep(sizes.idle_seconds)
        idle = {name: resident_bytes(run.children[name].pid) for name in SERVICES}
    found = []
    for name in SERVICES:
        async with imports_alone(name) as pid:
            imported = resident_bytes(pid)
        found.append(Row(f"memory of {name}", "MB", idle[name] / 1e6, imported / 1e6, goal=1.3, at_most=True))
    return found
