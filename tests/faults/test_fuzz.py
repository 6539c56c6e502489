"""Nothing that anyone can send ends in INTERNAL, UNKNOWN or a 500, grows the memory, or keeps a service from its work."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.fuzz.campaign import Campaign, a_seed
from tests.faults.fuzz.report import Report
from tests.faults.fuzz.target import a_target

# With `make test` a short round; FUZZ_CALLS=100000 for the long one of this ring, `make fuzz` for a million.
CALLS = int(os.environ.get("FUZZ_CALLS", "3000"))
SEED = os.environ.get("FUZZ_SEED", "") or ("kiezwerk" if "CI" in os.environ else a_seed())
pytestmark = pytest.mark.timeout(300 + CALLS // 10)


@pytest_asyncio.fixture(scope="module")
async def round_(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Report, set[str]]]:
    """What a round found, and the routes that the services have, as the report calls them."""
    async with a_target(tmp_path_factory.mktemp("fuzz")) as target:
        report = await Campaign(target, SEED).run(CALLS)
        print(report.table())  # noqa: T201 - what a short round never reached is for people to read
        routes = {
            f"{name} HTTP {method} {getattr(route, 'path', route)}"
            for name, started in target.services.items()
            for route in started.running.service.routes
            for method in getattr(route, "methods", None) or {"?"}
        }
        yield report, routes


async def test_whatever_is_sent_is_answered_and_everything_stands_afterwards(round_: tuple[Report, set[str]]) -> None:
    report, _ = round_
    assert not report.failures, f"seed {SEED}\n" + "\n".join(report.failures[:20])


async def test_each_route_of_each_service_is_asked_in_a_round(round_: tuple[Report, set[str]]) -> None:
    report, routes = round_
    assert len(routes) > 30
    assert {route for route in routes if not report.calls[route]} == set()
