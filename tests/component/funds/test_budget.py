"""Budgets of a running service: money in and out, at once and again, and who may do it."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from chassis.ports import Role, new_id
from services.funds.domain.refusals.budget import BudgetExceeded
from tests.support.city import Started
from tests.support.client import Refused, insisting, refused
from tests.support.funds import AUDITOR, OFFICE, RULES, Pot, a_pot, move
from tests.support.funds_grant import award


async def the_budget(funds: Started, pot: Pot, **more: Any) -> Any:
    return (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id, **more})).budget


async def verify(funds: Started) -> Any:
    return await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)


async def test_money_goes_from_the_title_into_the_budget_and_is_said(funds: Started) -> None:
    pot = await a_pot(funds)
    budget = await the_budget(funds, pot)
    assert (budget.released_cents, budget.available_cents, budget.postings) == (1_300_000, 1_300_000, 1)
    title = (await funds.call("TitleService/GetTitle", {"title_id": pot.title_id})).title
    assert title.years[0].released_cents == 1_300_000
    said = await funds.published(pot.budget_id)
    assert [message.fact for message in said] == ["budget_planned", "budget_released", "ledger_posted"]
    assert said[-1].subject.startswith("kiez.pub.funds.v1.ledger_posted.11.1140.114009.0")
    assert said[-1].body["lines"] == [
        {"account": "title", "amount_cents": -1_300_000},
        {"account": "available", "amount_cents": 1_300_000},
    ]
    assert (said[-1].body["number"], said[-1].body["grant_id"], said[-1].body["reverses"]) == (1, "", 0)
    assert "by" not in said[-1].body


async def test_two_at_once_never_take_more_than_the_last_euros(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    answers = await asyncio.gather(*(move(funds, "Freeze", pot, 6_000) for _ in range(8)), return_exceptions=True)
    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(lost) == 7
    assert {(r.code, r.reason, r.details["available_cents"]) for r in lost} == {
        ("FAILED_PRECONDITION", "BUDGET_EXCEEDED", "4000")
    }
    assert (await the_budget(funds, pot)).available_cents == 4_000


async def test_two_commitments_without_a_lock_never_exceed_the_pot(funds: Started) -> None:
    """What two replicas do: nothing but the store stands between them."""
    pot = await a_pot(funds, released_cents=10_000)
    commit = partial(award, funds, pot, queues=False, approved_cents=6_000)
    answers = await asyncio.gather(*(insisting(commit) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, BudgetExceeded) for answer in answers) == 3
    budget = await the_budget(funds, pot)
    assert (budget.available_cents, budget.committed_cents, budget.postings) == (4_000, 6_000, 2)
    assert (await verify(funds)).correct


async def test_thresholds_are_said_when_they_are_crossed(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    for _ in range(2):
        await award(funds, pot, approved_cents=5_000)
    said = [m.body["percent"] for m in await funds.said(pot.budget_id) if m.fact == "budget_threshold_reached"]
    assert said == [80, 100]


async def test_a_title_is_never_overdrawn_by_two_budgets_at_once(funds: Started) -> None:
    first = await a_pot(funds, released_cents=0, total_cents=10_000)
    second = await funds.call(
        "BudgetService/PlanBudget",
        {
            "fund_id": first.fund_id,
            "title_id": first.title_id,
            "region": "114010",
            "year": first.year,
            "planned_cents": 1,
        },
        OFFICE,
    )
    other = Pot(first.title_id, first.fund_id, second.budget.id, first.year)
    answers = await asyncio.gather(
        move(funds, "Release", first, 6_000), move(funds, "Release", other, 6_000), return_exceptions=True
    )
    assert sorted(getattr(a, "reason", "") for a in answers) == ["", "TITLE_EXCEEDED"]
    assert (await verify(funds)).correct


async def test_a_repeated_request_moves_money_once(funds: Started) -> None:
    pot = await a_pot(funds)
    request = {"request_id": new_id(), "budget_id": pot.budget_id, "amount_cents": 500, "reason": "frozen"}
    for _ in range(3):
        answer = await funds.call("BudgetService/FreezeBudget", request, OFFICE, sub="office")
        assert answer.budget.blocked_cents == 500
    with refused("REQUEST_ID_REUSED", "INVALID_ARGUMENT"):
        await funds.call("BudgetService/FreezeBudget", request | {"amount_cents": 501}, OFFICE, sub="office")


async def test_money_does_not_move_without_a_request_id(funds: Started) -> None:
    pot = await a_pot(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "request_id"):
        await move(funds, "Freeze", pot, 500, request_id="")


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount_cents", 0), ("amount_cents", -5), ("reason", ""), ("value_date", "2027-02-30"), ("budget_id", "7")],
)
async def test_a_wrong_field_is_named(funds: Started, field: str, value: Any) -> None:
    pot = await a_pot(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", field):
        await move(funds, "Freeze", pot, **{"amount_cents": 1, field: value})


async def test_a_value_date_outside_the_year_is_refused(funds: Started) -> None:
    pot = await a_pot(funds)
    with refused("VALUE_DATE_OUTSIDE_YEAR", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Freeze", pot, 1, value_date=f"{pot.year - 1}-12-31")


async def test_no_money_moves_on_a_day_that_has_not_come(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=0)
    with refused("VALUE_DATE_IN_FUTURE", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Release", pot, 100_000, value_date=f"{pot.year}-01-02")
    await move(funds, "Release", pot, 100_000, value_date=f"{pot.year}-01-01")
    await funds.move_clock(datetime(pot.year, 1, 10, 10, tzinfo=UTC))
    with refused("VALUE_DATE_IN_FUTURE", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Raise", pot, 1, value_date=f"{pot.year}-01-11")
    await move(funds, "Raise", pot, 1, value_date=f"{pot.year}-01-09")


async def test_no_past_day_is_left_with_less_than_nothing(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=0)
    await funds.move_clock(datetime(pot.year, 3, 20, 10, tzinfo=UTC))
    await move(funds, "Release", pot, 1_000, value_date=f"{pot.year}-02-01")
    with refused("VALUE_DATE_TOO_EARLY", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Freeze", pot, 1, value_date=f"{pot.year}-01-31")
    await move(funds, "Freeze", pot, 600, value_date=f"{pot.year}-02-01")
    await move(funds, "Cut", pot, 400)
    with refused("VALUE_DATE_TOO_EARLY", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Unfreeze", pot, 1, value_date=f"{pot.year}-01-31")
    await move(funds, "Unfreeze", pot, 500, value_date=f"{pot.year}-03-01")
    with refused("VALUE_DATE_TOO_EARLY", "INVALID_ARGUMENT", "value_date"):
        await move(funds, "Cut", pot, 500, value_date=f"{pot.year}-02-28")
    for day, available, blocked in (("01-31", 0, 0), ("02-01", 400, 600), ("03-01", 900, 100), ("03-20", 500, 100)):
        asked = {"budget_id": pot.budget_id, "as_of": f"{pot.year}-{day}"}
        on_day = (await funds.call("BudgetService/GetBudget", asked)).budget
        assert (on_day.available_cents, on_day.blocked_cents) == (available, blocked), day


async def test_an_office_reaches_its_own_district_only(funds: Started) -> None:
    pot = await a_pot(funds)
    request = {"budget_id": pot.budget_id, "amount_cents": 1, "reason": "cut"}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("BudgetService/CutBudget", request, Role("fund_office", regions=("01",)))
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await funds.call("BudgetService/CutBudget", request, Role("jury"))
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await funds.call("BudgetService/CutBudget", request)


async def test_a_stale_etag_is_refused(funds: Started) -> None:
    pot = await a_pot(funds)
    etag = (await the_budget(funds, pot)).etag
    await move(funds, "Freeze", pot, 1, etag=etag)
    with refused("ETAG_MISMATCH", "ABORTED"):
        await move(funds, "Freeze", pot, 1, etag=etag)


async def test_freeze_cut_and_raise_leave_a_correct_ledger(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    await move(funds, "Freeze", pot, 3_000)
    await move(funds, "Unfreeze", pot, 1_000)
    await move(funds, "Cut", pot, 2_000)
    budget = await move(funds, "Raise", pot, 500)
    assert (budget.released_cents, budget.available_cents, budget.blocked_cents) == (8_500, 6_500, 2_000)
    with refused("BUDGET_EXCEEDED", "FAILED_PRECONDITION"):
        await move(funds, "Cut", pot, 6_501)
    with refused("BUDGET_NOT_PLANNED", "FAILED_PRECONDITION"):
        await move(funds, "Release", pot, 1)
    assert (await verify(funds)).correct


async def test_the_balance_of_a_day_counts_value_dates_up_to_it(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    await funds.move_clock(datetime(pot.year, 6, 30, 10, tzinfo=UTC))
    await move(funds, "Freeze", pot, 3_000, value_date=f"{pot.year}-06-30")
    assert (await the_budget(funds, pot, as_of=f"{pot.year}-06-29")).available_cents == 10_000
    assert (await the_budget(funds, pot, as_of=f"{pot.year}-06-30")).available_cents == 7_000
    assert (await the_budget(funds, pot, as_of=f"{pot.year - 1}-12-31")).released_cents == 0


async def test_a_year_closes_and_what_is_left_lapses(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    await funds.move_clock(datetime(pot.year, 1, 10, 10, tzinfo=UTC))
    closed = await funds.call("BudgetService/CloseBudget", {"budget_id": pot.budget_id}, OFFICE)
    assert (closed.budget.lapsed_cents, closed.budget.available_cents) == (10_000, 0)
    with refused("BUDGET_NOT_RELEASED", "FAILED_PRECONDITION"):
        await move(funds, "Freeze", pot, 1)
    assert (await verify(funds)).correct


async def test_rules_above_what_can_be_are_refused_with_the_field(funds: Started) -> None:
    fund = {"region": "11", "kind": "FUND_KIND_KIEZFONDS", "name": "a fund", "office_actor_id": new_id()}
    with refused("RULES_CONTRADICT", "INVALID_ARGUMENT", "rules.quorum_percent"):
        await funds.call("FundService/CreateFund", fund | {"rules": RULES | {"quorum_percent": 101}}, OFFICE)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "rules"):
        await funds.call("FundService/CreateFund", fund, OFFICE)


async def test_changed_rules_are_said_with_their_reason(funds: Started) -> None:
    pot = await a_pot(funds)
    request = {"fund_id": pot.fund_id, "rules": RULES | {"cap_cents": 50_000}, "reason": "council paper"}
    fund = (await funds.call("FundService/ChangeFundRules", request, OFFICE)).fund
    assert (fund.rules_version, fund.rules.cap_cents) == (2, 50_000)
    said = (await funds.said(pot.fund_id))[-1]
    assert (said.fact, said.body["reason"], said.body["state"]["rules"]["cap_cents"]) == (
        "fund_rules_changed",
        "council paper",
        50_000,
    )


async def test_an_unknown_budget_is_not_found(funds: Started) -> None:
    with refused("BUDGET_NOT_FOUND", "NOT_FOUND"):
        await funds.call("BudgetService/GetBudget", {"budget_id": new_id()})
    with refused("BUDGET_NOT_FOUND", "NOT_FOUND"):
        await move(funds, "Freeze", Pot("", "", new_id(), 0), 1)
