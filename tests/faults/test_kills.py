"""kill -9 of whatever there is, in the middle of work: nothing is lost, done twice, out of order or a cent off."""

import random
from pathlib import Path

import pytest

from kiezctl.ports import SERVICES
from tests.faults.checker import Report
from tests.faults.installation import kiezctl_up
from tests.faults.rig import SERVERS, Rig, rigged

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("names", [SERVICES, SERVERS], ids=["services", "servers"])
async def test_what_was_acknowledged_survives_the_death_of_any_process(
    rig: Rig, chance: random.Random, names: tuple[str, ...]
) -> None:
    sound(await rig.under(rig.kill(names, 5, chance)), kills=5)


async def test_what_was_acknowledged_survives_the_death_of_all_at_once(tmp_path: Path, chance: random.Random) -> None:
    async with kiezctl_up(tmp_path) as installation, rigged(installation, chance.randrange(2**32)) as rig:
        sound(await rig.under(rig.kill(("kiezctl up",), 2, chance)), kills=2)


def sound(report: Report, *, kills: int = 0) -> None:
    """Nothing is wrong; a mail that was on its way when its sender was killed may have come again."""
    assert report.wrong() == []
    assert report.repeats == []
    assert len(report.mails_twice) <= kills, report.mails_twice
