"""One installation for all rounds of a worker: each round counts everything, and tells what it did wrong itself."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.rig import Rig, a_rig

HERE = Path(__file__).parent
# NATS dies while nats-py connects to it, which leaves what it had opened to the collector: docs/hazards.md.
LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(LEFT_OPEN)


@pytest_asyncio.fixture(scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A running system, with proxies between its services and what they need."""
    async with a_rig(tmp_path_factory.mktemp("rig"), random.randrange(2**32), proxied=True) as running:
        yield running


@pytest.fixture
def chance() -> random.Random:
    """Seeded by the run's own seed, which its first lines say."""
    return random.Random(random.random())
