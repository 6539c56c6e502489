"""One running toy for the tests of a module, and a pot of it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from chassis.ports import Role
from tests.support.city import City
from tests.support.toy import Toy, a_toy


@pytest_asyncio.fixture(scope="module")
async def toy(city: City) -> AsyncIterator[Toy]:
    async with a_toy(city) as running:
        yield running


@pytest_asyncio.fixture
async def pot(toy: Toy) -> str:
    answer = await toy.started.call("PotService/AddPot", {"region": "114009"}, Role("treasurer"))
    return str(answer.pot.id)
