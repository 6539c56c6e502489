"""A rig: an installation at work, that something is done to, and that is counted afterwards."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from kiezctl.ports import HOST
from tests.faults.calendar_clock import read_calendar
from tests.faults.caller import Caller
from tests.faults.checker import Report, examine
from tests.faults.installation import Installation, an_installation
from tests.faults.unsettled import unsettled
from tests.faults.workload import Workload
from tests.support.proxy import Mode

# A letter that has twice failed to go out is tried again five minutes later.
SETTLE_SECONDS = 480.0
# Of a test with a round on a rig.
ROUND = pytest.mark.timeout(SETTLE_SECONDS + 220)
SERVERS = ("nats-server", "store of actors", "store of funds", "store of events", "store of notify")


@dataclass
class Rig:
    """Rounds run one after the other on it; what an earlier one did wrong is not told again."""

    installation: Installation
    caller: Caller
    workload: Workload
    told: Report

    async def under(self, trouble: Awaitable[Any]) -> Report:
        """Work while `trouble` goes on; when all is over and settled, say what is wrong since the last time."""
        stop = asyncio.Event()
        before = self.workload.done
        work = asyncio.create_task(self.workload.run(stop))
        try:
            await trouble
        finally:
            stop.set()
        await self.installation.give_up_what_was_begun()
        await work
        assert self.workload.done > before, "nothing was done at all"
        return await self.count()

    async def count(self) -> Report:
        await self.installation.ready()
        await settle(self.installation)
        found = await examine(self.installation.places, self.caller.acknowledged)
        news = Report(found.acknowledged, found.facts, found.mails)
        for part in found.counts():
            known = getattr(self.told, part)
            setattr(news, part, [sentence for sentence in getattr(found, part) if sentence not in known])
        self.told = found
        return news

    async def kill(self, names: tuple[str, ...], count: int, chance: random.Random) -> None:
        """So many kill -9 of these parts, at random moments; each part once before any dies again."""
        for name in islice(cycle(chance.sample(names, len(names))), count):
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            await self.installation.parts[name].kill()

    async def lose_answers(self, times: int) -> None:
        """Let commands reach funds and lose its answers; then break the connections, so that callers notice."""
        proxy = self.installation.proxies["funds", "calls"]
        for _ in range(times):
            proxy.mode = Mode.HALF
            await asyncio.sleep(1)
            await proxy.heal()
            await asyncio.sleep(0.3)


async def settle(installation: Installation) -> None:
    """Wait until nothing is left to do, twice in a row; fails with what is left."""
    deadline = time.monotonic() + SETTLE_SECONDS
    quiet = 0
    while quiet < 2:
        waiting = await unsettled(installation.places)
        quiet = 0 if waiting else quiet + 1
        assert time.monotonic() < deadline, f"after {SETTLE_SECONDS:.0f} s there is still: {waiting[:20]}"
        await asyncio.sleep(0.3)


@asynccontextmanager
async def a_rig(folder: Path, seed: int, **how: Any) -> AsyncIterator[Rig]:
    """An installation in `folder` (see `an_installation` for `how`), with what the workload stands on."""
    async with an_installation(folder, **how) as installation, rigged(installation, seed) as rig:
        yield rig


@asynccontextmanager
async def rigged(installation: Installation, seed: int) -> AsyncIterator[Rig]:
    """A rig on an installation that runs."""
    caller = Caller(installation.grpc, installation.issuer)
    try:
        workload = Workload(caller, seed, await read_calendar(caller))
        await workload.begin(f"http://{HOST}:{installation.ports.http('notify')}", installation.home.mail)
        yield Rig(installation, caller, workload, Report())
    finally:
        await caller.close()
