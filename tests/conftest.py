"""Fixtures of every ring that needs the real servers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.city import City, a_city


@pytest_asyncio.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A real nats-server and a real store, for the whole run of this worker."""
    async with a_city(tmp_path_factory.mktemp("city")) as running:
        yield running
