"""The end of a year in a running service: what keeps it open, and how it closes."""

import pytest

from chassis.ports import berlin_day, end_of_day, new_id
from tests.support.city import City, Started
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, RULES, Pot, move
from tests.support.funds_grant import award
from tests.support.funds_looks import verify
from tests.support.funds_round import BY_OFFICE, a_call
from tests.support.funds_years import a_budget, carry, close_year, two_years

CLOSED = 3


async def test_a_budget_with_open_promises_names_them_and_closes_when_they_are_carried(funds: Started) -> None:
    old, _ = await two_years(funds)
    grants = [await award(funds, old) for _ in range(2)]
    with pytest.raises(Refused, match="BUDGET_HAS_OPEN_COMMITMENTS") as caught:
        await funds.call("BudgetService/CloseBudget", {"budget_id": old.budget_id}, OFFICE)
    assert caught.value.details["grant_ids"].split(",") == [grant.id for grant in grants]
    open_ones = await funds.call("YearEndService/ListOpenGrants", {"budget_id": old.budget_id}, OFFICE)
    assert [grant.id for grant in open_ones.grants] == [grant.id for grant in grants]
    for grant in grants:
        await carry(funds, grant.id)
    closed = await funds.call("BudgetService/CloseBudget", {"budget_id": old.budget_id}, OFFICE)
    assert (closed.budget.carried_cents, closed.budget.lapsed_cents) == (100_000, 900_000)
    assert not [m for m in await funds.said(old.budget_id) if m.fact == "budget_threshold_reached"]
    await verify(funds)


async def test_a_whole_year_closes_some_budgets_at_a_time(funds: Started) -> None:
    old, new = await two_years(funds)
    plan = {"fund_id": old.fund_id, "title_id": old.title_id, "year": old.year, "planned_cents": 1}
    others = []
    for region in ("114010", "114011"):
        budget = (await funds.call("BudgetService/PlanBudget", plan | {"region": region}, OFFICE)).budget
        others.append(Pot(old.title_id, old.fund_id, budget.id, old.year))
    await move(funds, "Release", others[0], 5_000)
    await move(funds, "Freeze", others[0], 1_000)
    grant = await award(funds, old)
    with pytest.raises(Refused, match="YEAR_HAS_OPEN_COMMITMENTS") as caught:
        await close_year(funds, old)
    assert (caught.value.details["budget_ids"], caught.value.details["committed_cents"]) == (old.budget_id, "50000")
    assert (await a_budget(funds, others[0])).available_cents == 4_000
    await carry(funds, grant.id)

    first = await close_year(funds, old, at_most=1)
    assert ([b.id for b in first.budgets], first.remaining) == ([old.budget_id], 2)
    second = await close_year(funds, old)
    lapsed = [(others[0].budget_id, 5_000), (others[1].budget_id, 0)]
    assert ([(b.id, b.lapsed_cents) for b in second.budgets], second.remaining) == (lapsed, 0)
    assert not (await close_year(funds, old)).budgets
    # What was only planned has nothing that could lapse, and gets nothing any more; the next year goes on.
    assert (await a_budget(funds, others[1])).status == CLOSED
    with refused("BUDGET_NOT_PLANNED", "FAILED_PRECONDITION"):
        await move(funds, "Release", others[1], 5_000)
    assert (await a_budget(funds, new)).available_cents == 1_000_000
    await verify(funds)


async def test_a_year_is_closed_for_a_region_alone(funds: Started) -> None:
    here, _ = await two_years(funds, region="115013")
    elsewhere, _ = await two_years(funds, region="111001")
    closed = await close_year(funds, here, fund_id="", region="115013")
    assert here.budget_id in [budget.id for budget in closed.budgets]
    assert (await a_budget(funds, elsewhere)).available_cents == 1_000_000


async def test_whose_year_it_is_must_be_said_and_it_must_have_begun(funds: Started) -> None:
    old, new = await two_years(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "fund_id"):
        await close_year(funds, old, fund_id="")
    with refused("YEAR_NOT_BEGUN", "FAILED_PRECONDITION"):
        await close_year(funds, new)
    with refused("YEAR_NOT_BEGUN", "FAILED_PRECONDITION"):
        await funds.call("BudgetService/CloseBudget", {"budget_id": new.budget_id}, OFFICE)
    with refused("FUND_NOT_FOUND", "NOT_FOUND"):
        await close_year(funds, old, fund_id=new_id())
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await close_year(funds, old, fund_id="", region="01")


async def test_a_year_does_not_close_when_what_it_carried_never_arrived(city: City) -> None:
    async with city.service("funds") as funds:
        old, new = await two_years(funds)
        grant = await award(funds, old)
        await carry(funds, grant.id)
        postings = funds.running.service.store.rows("postings")
        await postings.update_one({"_id": f"{new.budget_id}/00000002"}, {"$set": {"grant_id": new_id()}})
        with refused("CARRIED_WITHOUT_COUNTERPART", "FAILED_PRECONDITION"):
            await close_year(funds, old)
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    found = {(d.of_id, d.what) for d in proof.differences}
    assert {
        (old.budget_id, "counterpart of posting 3"),
        (new.budget_id, "counterpart of posting 2"),
        (new.budget_id, "grant of posting 2"),
        (grant.id, "committed"),
    } <= found


async def test_what_was_asked_of_one_years_pot_is_not_given_from_the_next(funds: Started) -> None:
    today = berlin_day(await funds.now())
    if (today.month, today.day) == (12, 31):
        # The call ends with the day, and not with the year.
        await funds.move_clock(end_of_day(today))
    old, new = await two_years(funds, rules=RULES | BY_OFFICE)
    call = await a_call(funds, seats=0, pot=old, days=0)
    application = await call.apply(80_000)
    await call.end()
    await call.check("AdmitApplication", application)
    award = {"budget_id": new.budget_id, "amount_cents": 80_000}
    with refused("BUDGET_OF_ANOTHER_YEAR", "FAILED_PRECONDITION"):
        await call.check("AwardApplication", application, **award)
    await call.check("AwardApplication", application, **award | {"budget_id": old.budget_id})
