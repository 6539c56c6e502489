"""Two replicas of funds for the tests of a module, unless it has its own of another service."""

from collections.abc import AsyncIterator

import pytest_asyncio

from chassis.ports import Role
from tests.support.city import City
from tests.support.funds import AUDITOR
from tests.support.interleaving import Replicas, replicas


@pytest_asyncio.fixture(scope="module")
async def both(city: City) -> AsyncIterator[Replicas]:
    async with replicas(city, "funds") as running:
        yield running
        proof = await running.one.call("LedgerService/VerifyLedger", {}, AUDITOR, Role("fund_office"))
        assert not proof.differences
