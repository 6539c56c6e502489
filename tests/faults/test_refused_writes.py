"""The store refuses, or dies at, a write or the commit: a command is done whole or not at all, and its repeat tells which."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient

from kiezctl.ports import SERVICES
from tests.faults.rig import ROUND, Rig, a_rig
from tests.faults.test_kills import sound
from tests.support.city import eventually

pytestmark = ROUND
WRITES = ("bulkWrite", "insert", "update", "delete", "commitTransaction")
COMMANDS = (*WRITES, "find")
NOT_PRIMARY, NO_SPACE = 10107, 14031
WAYS: tuple[dict[str, Any], ...] = ({"closeConnection": True}, {"errorCode": NOT_PRIMARY}, {"errorCode": NO_SPACE})


@pytest_asyncio.fixture(scope="module")
async def failing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """An installation whose stores fail when told to."""
    folder = tmp_path_factory.mktemp("failing")
    async with a_rig(folder, 3, extra_store_flags=("--enable-test-commands",)) as running:
        yield running


async def test_a_store_that_fails_at_any_write_or_the_commit_does_nothing_by_halves(
    failing: Rig, chance: random.Random
) -> None:
    async def trouble() -> None:
        cases = [(name, command, way) for name in SERVICES for command in COMMANDS for way in WAYS]
        for name, command, way in chance.sample(cases, len(cases)):
            await _fail(failing.installation.places.stores[name], {"times": 1}, way, command)
            await asyncio.sleep(0.15)

    sound(await failing.under(trouble()), kills=10)


async def test_stores_without_space_for_a_while_lose_nothing(failing: Rig) -> None:
    stores = failing.installation.places.stores.values()

    async def trouble() -> None:
        await asyncio.sleep(1)
        await asyncio.gather(*(_fail(store, "alwaysOn", {"errorCode": NO_SPACE}, *WRITES) for store in stores))
        before = failing.caller.repeats.total()

        async def somebody_was_refused() -> bool:
            return failing.caller.repeats.total() > before

        await asyncio.sleep(3)
        # While the calendar is being moved nobody may call anything else, and a move waits longer than this.
        await eventually(somebody_was_refused, 30)
        await asyncio.gather(*(_fail(store, "off", {"errorCode": NO_SPACE}, *WRITES) for store in stores))
        await asyncio.sleep(3)

    sound(await failing.under(trouble()), kills=1)


async def _fail(uri: str, mode: Any, way: dict[str, Any], *commands: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        data = {"failCommands": commands, **way}
        await client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
