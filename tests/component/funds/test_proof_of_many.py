"""The proof of a ledger that has grown: it asks the store by the hundred, and finds the same."""

from typing import Any

import pytest

from chassis import logs
from chassis.ports import new_id
from services.funds.adapters.mongo.payment import MongoPayments
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from services.funds.usecases import verification
from tests.support.city import City, Started
from tests.support.funds import AUDITOR, Pot, a_pot
from tests.support.funds_grant import agreed, order, pay
from tests.support.gate import GATE

NEVER = 10**9


async def paid_grants(funds: Started, pot: Pot, count: int) -> list[Grant]:
    grants = [await agreed(funds, pot, payout=Payout.ADVANCE) for _ in range(count)]
    for grant in grants:
        await pay(funds, grant, 20_000)
    return grants


async def differences(funds: Started) -> list[tuple[str, str, int, int]]:
    proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    return sorted((d.of_id, d.what, d.kept, d.computed) for d in proof.differences)


async def questions(funds: Started) -> int:
    """How often the store is asked while all is proved."""
    correlation_id = new_id()
    GATE.arm(NEVER, correlation_id)
    try:
        with logs.correlated(correlation_id):
            assert not await differences(funds)
    finally:
        GATE.release()
    return GATE.seen


async def test_more_grants_are_no_more_questions(city: City) -> None:
    async with city.service("funds") as funds:
        pot = await a_pot(funds)
        await paid_grants(funds, pot, 1)
        of_one = await questions(funds)
        await paid_grants(funds, pot, 3)
        assert await questions(funds) == of_one > 0


@pytest.mark.parametrize("at_once", [1, 2, 200])
async def test_every_difference_is_named_however_many_are_looked_at_together(
    city: City, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "AT_ONCE", at_once)
    async with city.service("funds") as funds:
        pot = await a_pot(funds)
        grants = await paid_grants(funds, pot, 3)
        first, _, third = sorted(grant.id for grant in grants)
        store = funds.running.service.store
        await store.rows("payments").update_one({"grant_id": first}, {"$inc": {"amount_cents": -1}})
        await store.rows("grants").update_one({"_id": third}, {"$inc": {"returned_cents": 7}})
        found = await differences(funds)
    assert found == [
        (first, "paid by its payments", 20_000, 19_999),
        (third, "committed", 29_993, 30_000),
        (third, "promised", 49_993, 50_000),
    ]


async def test_a_grant_that_is_paid_while_it_is_looked_at_is_looked_at_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with city.service("funds") as funds:
        (grant,) = await paid_grants(funds, await a_pot(funds), 1)
        looked_at = MongoPayments.of_grants
        looks = 0

        async def of_grants(payments: MongoPayments, grant_ids: list[str]) -> Any:
            nonlocal looks
            looks += 1
            if looks == 1:
                # The grant was read before, and knows nothing of it.
                await order(funds, grant, 5_000)
            return await looked_at(payments, grant_ids)

        monkeypatch.setattr(MongoPayments, "of_grants", of_grants)
        assert not await differences(funds)
        assert looks == 2
