"""Each service of the city, running for the tests of a module."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio

from tests.support.city import City, Started, a_quiet_city
from tests.support.notify import MailServer, a_mail_server, settings_around, some_neighbours

PUBLIC_URL = "https://kiez.test"


@pytest_asyncio.fixture(scope="module")
async def city(city: City) -> AsyncIterator[City]:
    """Without what the tests of other modules said: whoever hears it would write letters and entries about it."""
    async with a_quiet_city(city) as quiet:
        yield quiet


@pytest_asyncio.fixture(scope="module")
async def mails() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest_asyncio.fixture(scope="module")
async def actors(city: City) -> AsyncIterator[Started]:
    async with city.service("actors") as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def funds(city: City) -> AsyncIterator[Started]:
    async with city.service("funds") as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def events(city: City) -> AsyncIterator[Started]:
    async with city.service("events", public_url=PUBLIC_URL) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def notify(city: City, mails: MailServer) -> AsyncIterator[Started]:
    async with AsyncExitStack() as around:
        neighbours = await around.enter_async_context(some_neighbours())
        yield await around.enter_async_context(city.service("notify", **settings_around(mails, neighbours)))
