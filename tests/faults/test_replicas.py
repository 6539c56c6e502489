"""Two replicas of each service share its store and its durables: whoever dies, stops or answers, the same holds."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kiezctl.ports import SERVICES
from tests.faults.rig import ROUND, Rig, a_rig
from tests.faults.test_kills import sound

pytestmark = ROUND


@pytest_asyncio.fixture(scope="module")
async def doubled(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    async with a_rig(tmp_path_factory.mktemp("doubled"), 2, replicas=2) as running:
        yield running


async def test_two_of_each_do_once_what_one_does_though_they_die_and_stop(doubled: Rig, chance: random.Random) -> None:
    async def trouble() -> None:
        await doubled.kill((*SERVICES, *(f"{name} 2" for name in SERVICES)), 3, chance)
        async with doubled.installation.parts["funds 2"].frozen(), doubled.installation.parts["notify"].frozen():
            await asyncio.sleep(5)

    sound(await doubled.under(trouble()), kills=4)
