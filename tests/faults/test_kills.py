"""kill -9 of whatever there is, in the middle of work: nothing is lost, done twice, out of order or a cent off."""

import random
from pathlib import Path

import grpc
import pytest

from kiezctl.ports import HOST, SERVICES, is_free
from tests.faults.checker import Report
from tests.faults.installation import Installation, kiezctl_up
from tests.faults.rig import ROUND, SERVERS, Rig, rigged
from tests.support.city import eventually

pytestmark = ROUND


@pytest.mark.parametrize("names", [SERVICES, SERVERS], ids=["services", "servers"])
async def test_what_was_acknowledged_survives_the_death_of_any_process(
    rig: Rig, chance: random.Random, names: tuple[str, ...]
) -> None:
    sound(await rig.under(rig.kill(names, 5, chance)), kills=5)


async def test_what_was_acknowledged_survives_the_death_of_all_at_once(tmp_path: Path, chance: random.Random) -> None:
    async with kiezctl_up(tmp_path) as installation, rigged(installation, chance.randrange(2**32)) as rig:
        foreign = grpc.aio.server()
        sound(await rig.under(rig.kill(("kiezctl up",), 1, chance)), kills=1)
        try:
            sound(await rig.under(_take_the_port(installation, foreign)), kills=1)
        finally:
            await foreign.stop(0)


async def _take_the_port(installation: Installation, foreign: grpc.aio.Server) -> None:
    """Kill it, and let another server answer where its funds did before it is started again."""
    port = installation.ports.grpc("funds")

    async def free() -> bool:
        return is_free(port)

    async with installation.parts["kiezctl up"].down():
        await eventually(free)
        foreign.add_insecure_port(f"{HOST}:{port}")
        await foreign.start()
    await installation.ready()
    assert installation.ports.grpc("funds") != port


def sound(report: Report, *, kills: int = 0) -> None:
    """Nothing is wrong; a mail that was on its way when its sender was killed may have come again."""
    assert report.wrong() == []
    assert report.repeats == []
    assert len(report.mails_twice) <= kills, report.mails_twice
