"""One running calendar for the tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City, Started, a_quiet_city

PUBLIC_URL = "https://kalender.example"


@pytest_asyncio.fixture(scope="module")
async def city(city: City) -> AsyncIterator[City]:
    """Without what the tests of other modules said: whoever hears it would write letters and entries about it."""
    async with a_quiet_city(city) as quiet:
        yield quiet


@pytest_asyncio.fixture(scope="module")
async def events(city: City) -> AsyncIterator[Started]:
    async with city.service("events", public_url=PUBLIC_URL) as running:
        yield running
