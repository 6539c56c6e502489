"""The control: with two protections switched off, the checker tells what it never tells of the real services."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from tests.faults.grants import draft, grant
from tests.faults.rig import ROUND, Rig, a_rig
from tests.support.proxy import Mode

pytestmark = ROUND


@pytest_asyncio.fixture(scope="module")
async def forgetful(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A funds that knows neither its request_ids nor its messages' ids again."""
    folder = tmp_path_factory.mktemp("forgetful")
    async with a_rig(folder, 1, proxied=True, entries={"funds": "tests.faults.forgetful"}) as running:
        yield running


async def test_a_service_that_forgets_what_it_answered_is_found_out(forgetful: Rig, chance: random.Random) -> None:
    losing = asyncio.create_task(forgetful.lose_answers(4))
    ground = forgetful.workload.ground
    starts_on = ground.calendar.today + timedelta(days=60)
    await asyncio.gather(*(draft(ground, ground.pot("advance", chance), chance, starts_on) for _ in range(8)))
    await losing
    report = await forgetful.count()
    assert [sentence for sentence in report.twice if "DraftApplication was acknowledged once" in sentence]


async def test_a_service_that_does_not_mark_its_messages_is_found_out(forgetful: Rig, chance: random.Random) -> None:
    to_nats = forgetful.installation.proxies["funds", "nats"]
    to_nats.mode = Mode.HALF
    await grant(forgetful.workload.ground, chance)
    # The acknowledgements of the first try are lost, and given up after five seconds.
    await asyncio.sleep(7)
    await to_nats.heal()
    assert (await forgetful.count()).repeats
