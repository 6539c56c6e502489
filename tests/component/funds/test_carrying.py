"""Promises that are carried into the next year in a running service."""

import asyncio

import pytest

from chassis.ports import Role
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import OFFICE
from tests.support.funds_grant import TREASURER, agreed, award, order, pay
from tests.support.funds_looks import verify
from tests.support.funds_years import a_budget, carry, two_years


async def test_a_carried_promise_is_paid_from_the_next_year_and_both_sides_are_said(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    carried = await carry(funds, grant.id)
    assert (carried.budget_id, carried.year, carried.approved_cents) == (new.budget_id, old.year, 50_000)
    await pay(funds, grant, 30_000)
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.carried_cents, before.committed_cents) == (20_000, 30_000, 0)
    assert (after.paid_cents, after.brought_cents, after.available_cents) == (30_000, 30_000, 1_000_000)
    title = (await funds.call("TitleService/GetTitle", {"title_id": new.title_id})).title
    assert [y.released_cents for y in title.years] == [1_000_000, 1_000_000]

    out = [m.body for m in await funds.published(old.budget_id) if m.fact == "ledger_posted"][-1]
    into = next(m.body for m in await funds.said(new.budget_id) if m.body.get("kind") == "bring_forward")
    assert (out["kind"], out["counterpart_budget_id"], out["counterpart_number"]) == (
        *("carry_forward", new.budget_id, into["number"]),
    )
    assert (into["counterpart_budget_id"], into["counterpart_number"]) == (old.budget_id, out["number"])
    said = next(m for m in await funds.said(grant.id) if m.fact == "grant_carried")
    assert (said.body["amount_cents"], said.body["from_budget_id"]) == (30_000, old.budget_id)
    assert said.subject.startswith("kiez.pub.")
    assert (await verify(funds)).carried >= 2


async def test_what_was_carried_and_is_not_needed_lapses(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await award(funds, old)
    await carry(funds, grant.id)
    await funds.call("GrantService/CancelGrant", {"grant_id": grant.id, "reason": "fällt aus"}, OFFICE)
    budget = await a_budget(funds, new)
    assert (budget.committed_cents, budget.lapsed_cents, budget.available_cents) == (0, 50_000, 1_000_000)
    await verify(funds)


@pytest.mark.parametrize("next_year", ["missing", "planned"])
async def test_nothing_is_carried_into_a_budget_without_a_release(funds: Started, next_year: str) -> None:
    old, _ = await two_years(funds, next_year=next_year)
    grant = await award(funds, old)
    with refused("NEXT_BUDGET_MISSING", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)


async def test_a_payment_on_its_way_is_finished_before_anything_is_carried(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 50_000)
    with refused("PAYMENT_IN_FLIGHT", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)
    failed = {"payment_id": payment.id, "reason": "falsches Konto"}
    await funds.call("PaymentService/MarkPaymentFailed", failed, TREASURER)
    await pay(funds, grant, 50_000)
    with refused("NOTHING_TO_CARRY", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)


async def test_who_hears_of_a_carried_grant_does_not_hear_how_its_proof_goes(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await agreed(funds, old)
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant.id, "report": "Gut.", "results": [result, result], "total_costs_cents": 1}
    await funds.call("ProofService/SubmitProof", proof, OFFICE, sub="office")
    await carry(funds, grant.id)
    said = next(m for m in await funds.said(grant.id) if m.fact == "grant_carried")
    assert said.body["state"]["status"] == "running"


async def test_two_who_carry_at_once_carry_once(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await award(funds, old)
    answers = await asyncio.gather(*(carry(funds, grant.id) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert (await a_budget(funds, new)).brought_cents == 50_000
    await verify(funds)


async def test_an_office_carries_in_its_own_district_alone(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await award(funds, old)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        request = {"grant_id": grant.id, "reason": "x"}
        await funds.call("YearEndService/CarryGrant", request, Role("fund_office", regions=("01",)))
