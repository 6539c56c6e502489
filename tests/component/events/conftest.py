"""One running calendar for the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City, Started

PUBLIC_URL = "https://kalender.example"


@pytest_asyncio.fixture(scope="module")
async def events(city: City) -> AsyncIterator[Started]:
    async with city.service("events", public_url=PUBLIC_URL) as running:
        yield running
