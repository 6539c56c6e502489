"""notify in this process, with a real mail server and neighbours that answer over gRPC."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.city import City, Started, a_quiet_city
from tests.support.notify import MailServer, Neighbours, a_mail_server, settings_around, some_neighbours


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
async def neighbours() -> AsyncIterator[Neighbours]:
    async with some_neighbours() as answering:
        yield answering


@pytest_asyncio.fixture(scope="module")
async def notify(city: City, mails: MailServer, neighbours: Neighbours) -> AsyncIterator[Started]:
    # What other services' tests have said before is not meant for these people.
    for stream in ("FUNDS", "EVENTS"):
        await city.jetstream.purge_stream(stream)
    async with city.service("notify", **settings_around(mails, neighbours)) as started:
        yield started
