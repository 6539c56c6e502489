"""One installation for all rounds of a worker: each round counts everything, and tells what it did wrong itself."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.rig import Rig, a_rig


@pytest_asyncio.fixture(scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A running system, with proxies between its services and what they need."""
    async with a_rig(tmp_path_factory.mktemp("rig"), random.randrange(2**32), proxied=True) as running:
        yield running


@pytest.fixture
def chance() -> random.Random:
    """Seeded by the run's own seed, which its first lines say."""
    return random.Random(random.random())
