"""Fixtures of every ring that needs the real servers."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio

from tests.support.city import City, a_city

# Busy machines are slow: an example has no deadline, a test has one. In CI every run tries the same examples.
hypothesis.settings.register_profile("kiezwerk", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kiezwerk")

HERE = Path(__file__).parent
# What has a command of its own: `make compose-test` needs containers, `make browser-test` a browser, the others take minutes.
ASKED_FOR = {
    "compose": "KIEZ_COMPOSE", "browser": "KIEZ_BROWSER", "year": "KIEZ_YEAR", "invariants": "KIEZ_INVARIANTS",
}  # fmt: skip
collect_ignore = [folder for folder, variable in ASKED_FOR.items() if not os.environ.get(variable)]
# These start whole systems on the usual ports: a second one beside would take the ports that a killed one needs again.
WHOLE_SYSTEMS = (HERE / "e2e", HERE / "faults", HERE / "integration" / "kiezctl")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file stay on one worker, and so do all that start whole systems; those take longest and begin first."""
    for item in items:
        group = "whole systems" if _starts_systems(item) else str(item.path.relative_to(HERE))
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_starts_systems, reverse=True)


def _starts_systems(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in WHOLE_SYSTEMS)


@pytest_asyncio.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A real nats-server and a real store, for the whole run of this worker."""
    async with a_city(tmp_path_factory.mktemp("city")) as running:
        yield running
