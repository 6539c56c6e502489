"""One running funds for the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City, Started


@pytest_asyncio.fixture(scope="module")
async def funds(city: City) -> AsyncIterator[Started]:
    async with city.service("funds") as running:
        yield running
