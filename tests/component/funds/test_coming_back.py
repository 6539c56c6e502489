"""Money that comes back after its year in a running service: claimed back, refunded, sent back by a bank."""

from typing import Any

import pytest

from chassis.ports import berlin_day
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, move
from tests.support.funds_grant import TREASURER, agreed, get_grant, pay, prove
from tests.support.funds_looks import verify
from tests.support.funds_owed import refund
from tests.support.funds_years import a_budget, carry, close_year, two_years

PLANNED, PROOF_ACCEPTED = 1, 7


async def test_what_is_claimed_back_after_the_year_closed_is_owed_to_the_year_that_paid_it(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, grant, 30_000)
    await prove(funds, grant, 50_000, 10_000)
    assert (await a_budget(funds, new)).receivable_cents == 30_000
    closed = await a_budget(funds, old)
    assert (closed.receivable_cents, closed.paid_cents, closed.lapsed_cents) == (10_000, 10_000, 950_000)

    await refund(funds, grant.id, 15_000)
    closed, running = await a_budget(funds, old), await a_budget(funds, new)
    assert (closed.receivable_cents, closed.lapsed_cents) == (0, 960_000)
    assert (running.receivable_cents, running.lapsed_cents, running.available_cents) == (25_000, 5_000, 1_000_000)
    await refund(funds, grant.id, 25_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await verify(funds)


async def test_a_refund_that_did_not_come_is_owed_again_where_it_was_booked_also_of_a_settled_grant(
    funds: Started,
) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, grant, 30_000)
    await prove(funds, grant, 50_000, 10_000)
    before = await a_budget(funds, old), await a_budget(funds, new)
    await refund(funds, grant.id, 40_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)

    async def did_not_come(cents: int) -> Any:
        request = {"grant_id": grant.id, "amount_cents": cents, "reason": "eine Null zu viel"}
        return (await funds.call("GrantService/CorrectRefund", request, TREASURER)).grant

    corrected = await did_not_come(35_000)
    assert (corrected.status, corrected.refunded_cents) == (PROOF_ACCEPTED, 5_000)
    after = await a_budget(funds, old), await a_budget(funds, new)
    assert [budget.receivable_cents for budget in after] == [5_000, 30_000]
    assert [message.fact for message in await funds.said(grant.id)][-2:] == ["refund_corrected", "grant_reopened"]
    with refused("REFUND_OUTSTANDING", "FAILED_PRECONDITION"):
        await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    with refused("REFUND_NOT_SO_HIGH", "FAILED_PRECONDITION"):
        await did_not_come(5_001)
    await did_not_come(5_000)
    again = await a_budget(funds, old), await a_budget(funds, new)
    names = ("receivable_cents", "lapsed_cents", "available_cents", "paid_cents")
    assert [[getattr(b, n) for n in names] for b in again] == [[getattr(b, n) for n in names] for b in before]
    await verify(funds)
    await refund(funds, grant.id, 40_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await verify(funds)


async def send_back(funds: Started, payment: Any) -> Any:
    request = {
        "payment_id": payment.id,
        "returned_on": berlin_day(await funds.now()).isoformat(),
        "reason": "Konto erloschen",
    }
    return (await funds.call("PaymentService/ReturnPayment", request, TREASURER, sub="treasurer")).payment


@pytest.mark.parametrize("closed", [False, True])
async def test_what_comes_back_after_the_grant_was_carried_is_promised_in_the_new_year(
    funds: Started, closed: bool
) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    if closed:
        await close_year(funds, old)
    returned = await send_back(funds, payment)
    assert returned.budget_id == old.budget_id
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.committed_cents, before.carried_cents) == (0, 0, 50_000)
    assert (after.committed_cents, after.brought_cents, after.available_cents) == (50_000, 50_000, 1_000_000)
    said = [m for m in await funds.said(grant.id) if m.fact == "grant_carried"][-1]
    assert (said.body["amount_cents"], said.body["from_budget_id"]) == (20_000, old.budget_id)
    await pay(funds, grant, 50_000)
    assert (await a_budget(funds, new)).paid_cents == 50_000
    await verify(funds)


async def test_what_comes_back_when_the_year_is_closed_and_the_grant_settled_is_paid_from_the_next_year(
    funds: Started,
) -> None:
    old, new = await two_years(funds, next_year="planned")
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 50_000)
    await prove(funds, grant, 50_000, 50_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await close_year(funds, old)
    with refused("NEXT_BUDGET_MISSING", "FAILED_PRECONDITION"):
        await send_back(funds, payment)
    await move(funds, "Release", new, 1_000)
    await send_back(funds, payment)
    again = await get_grant(funds, grant, TREASURER)
    assert (again.budget_id, again.paid_cents, again.payable_cents) == (new.budget_id, 0, 50_000)
    await pay(funds, grant, 50_000)
    settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
    assert (settled.paid_cents, settled.returned_cents) == (50_000, 0)
    closed, running = await a_budget(funds, old), await a_budget(funds, new)
    assert (closed.paid_cents, closed.committed_cents, closed.carried_cents) == (0, 0, 50_000)
    assert (running.paid_cents, running.available_cents, running.lapsed_cents) == (50_000, 1_000, 0)
    await verify(funds)


async def test_what_comes_back_from_the_old_year_is_claimed_back_no_more_in_the_new_one(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    first = await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await pay(funds, grant, 30_000)
    # The newest year claims first: 15,000 of its 30,000.
    assert (await prove(funds, grant, 35_000, 35_000)).refund_claimed_cents == 15_000
    await send_back(funds, first)
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.receivable_cents, before.carried_cents) == (0, 0, 50_000)
    assert (after.paid_cents, after.receivable_cents, after.committed_cents) == (30_000, 0, 20_000)
    again = await get_grant(funds, grant, TREASURER)
    assert (again.refund_claimed_cents, again.paid_cents, again.payable_cents) == (0, 30_000, 5_000)
    await pay(funds, grant, 5_000)
    settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
    assert (settled.paid_cents, settled.returned_cents) == (35_000, 15_000)
    after = await a_budget(funds, new)
    assert (after.paid_cents, after.committed_cents, after.lapsed_cents) == (35_000, 0, 15_000)
    await verify(funds)
