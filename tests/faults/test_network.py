"""A network that is slow, loses, answers nothing or breaks, and a machine that stops for a while: the same holds."""

import asyncio
import random
from itertools import cycle

import pytest

from kiezctl.ports import SERVICES
from tests.faults.rig import ROUND, Rig
from tests.faults.test_kills import sound
from tests.support.proxy import Mode

pytestmark = ROUND
MODES = (Mode.SLOW, Mode.LOST, Mode.HALF, Mode.REFUSED)
LINKS = [(service, what) for service in SERVICES for what in ("nats", "store")]


async def test_a_bad_network_to_nats_and_stores_loses_nothing(rig: Rig, chance: random.Random) -> None:
    async def bad() -> None:
        for (service, what), mode in zip(chance.sample(LINKS, len(LINKS)), cycle(MODES), strict=False):
            proxy = rig.installation.proxies[service, what]
            proxy.mode = mode
            if mode is Mode.REFUSED:
                proxy.reset()
            await asyncio.sleep(chance.uniform(1.5, 3))
            await proxy.heal()

    sound(await rig.under(bad()), kills=len(MODES))


async def test_an_answer_that_is_lost_on_its_way_is_given_again(rig: Rig) -> None:
    report = await rig.under(rig.lose_answers(4))
    assert rig.caller.repeats.total() > 0
    sound(report)


@pytest.mark.parametrize("name", ["funds", "events", "notify"])
async def test_a_service_that_stops_longer_than_anyone_waits_for_it_does_nothing_twice(rig: Rig, name: str) -> None:
    async def stopped() -> None:
        await asyncio.sleep(1)
        async with rig.installation.parts[name].frozen():
            # Beyond ack_wait (4 s) and the lease of a letter (7 s).
            await asyncio.sleep(8)

    sound(await rig.under(stopped()), kills=1)
