"""Fixtures of every ring that needs the real servers."""

import os
from collections.abc import AsyncIterator

import hypothesis
import pytest
import pytest_asyncio

from tests.support.city import City, a_city

# Busy machines are slow: an example has no deadline, a test has one. In CI every run tries the same examples.
hypothesis.settings.register_profile("kiezwerk", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kiezwerk")


@pytest_asyncio.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A real nats-server and a real store, for the whole run of this worker."""
    async with a_city(tmp_path_factory.mktemp("city")) as running:
        yield running
