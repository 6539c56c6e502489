"""One actors service for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City, Started


@pytest_asyncio.fixture(scope="session")
async def actors(city: City) -> AsyncIterator[Started]:
    async with city.service("actors") as started:
        yield started
