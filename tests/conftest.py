"""Fixtures of every ring that needs the real servers."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_asyncio
import structlog
from xdist.scheduler import LoadScopeScheduling

from tests.support.city import City, a_city

# Busy machines are slow: an example has no deadline, a test has one. In CI every run tries the same examples.
hypothesis.settings.register_profile("kiezwerk", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kiezwerk")
# With variables, as is its default, a trace of a bug that a test provokes takes the event loop for a second.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

HERE = Path(__file__).parent
# What has a command of its own: `make compose-test` needs containers, `make browser-test` a browser, the others take minutes.
ASKED_FOR = {
    "compose": "KIEZ_COMPOSE", "browser": "KIEZ_BROWSER", "year": "KIEZ_YEAR", "invariants": "KIEZ_INVARIANTS",
}  # fmt: skip
collect_ignore = [folder for folder, variable in ASKED_FOR.items() if not os.environ.get(variable)]
# These run whole systems, and begin first, since they take longest.
WHOLE_SYSTEMS = ("e2e", "faults", "integration/kiezctl")
# These run `kiezctl up` or take its ports as it does: a second one beside would take those that a killed one needs again.
USUAL_PORTS = ("e2e", "faults/test_kills.py", "integration/kiezctl", "unit/kiezctl/test_ports.py")


class Workers(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """The tests of a file stay on one worker, and so do all that need the usual ports.

    Not by `--dist loadgroup`, whose groups xdist 3.8 writes where pytest 9.2 no longer reads them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "usual ports" if _is_in(HERE.parent / file, USUAL_PORTS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Workers:
    return Workers(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _is_in(item.path, WHOLE_SYSTEMS), reverse=True)


def _is_in(path: Path, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(HERE / place) for place in places)


@pytest_asyncio.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A real nats-server and a real store, for the whole run of this worker."""
    async with a_city(tmp_path_factory.mktemp("city")) as running:
        yield running
