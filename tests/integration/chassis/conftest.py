"""One running toy for the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City
from tests.support.toy import Toy, a_toy


@pytest_asyncio.fixture(scope="module")
async def toy(city: City) -> AsyncIterator[Toy]:
    async with a_toy(city) as running:
        yield running
