"""The invariants of pots and titles, each with two commands interleaved at every step, on two replicas."""

from typing import Any

import pytest

from tests.support.funds import OFFICE, RULES, Pot, a_pot, move
from tests.support.funds_interleaved import admitted, calling
from tests.support.funds_round import BY_OFFICE, Round, a_rolling_call
from tests.support.funds_years import two_years
from tests.support.interleaving import Command, Replicas, at_every_step

pytestmark = pytest.mark.timeout(300)


async def test_two_awards_never_exceed_the_pot(both: Replicas) -> None:
    call = await a_rolling_call(both.one, released_cents=50_000)
    steps = 0

    async def prepare() -> tuple[Command, Command]:
        if steps:
            await move(both.one, "Raise", call.pot, 40_000)
        award: dict[str, Any] = {"budget_id": call.pot.budget_id, "amount_cents": 40_000}
        one, two = [await admitted(call, 40_000) for _ in range(2)]
        return (
            calling(both.one, "ApplicationService/AwardApplication", application_id=one.id, **award),
            calling(both.two, "ApplicationService/AwardApplication", application_id=two.id, **award),
        )

    async for outcome in at_every_step(prepare):
        steps += 1
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id}, OFFICE)).budget
        assert outcome.reasons == ["BUDGET_EXCEEDED"]
        assert (budget.available_cents, budget.committed_cents) == (10_000, 40_000 * steps)


async def test_an_award_and_a_cut_never_take_the_same_money(both: Replicas) -> None:
    call = await a_rolling_call(both.one, released_cents=50_000)
    steps = 0

    async def prepare() -> tuple[Command, Command]:
        if steps:
            await move(both.one, "Raise", call.pot, 40_000)
        application = await admitted(call, 40_000)
        pot = call.pot.budget_id
        award: dict[str, Any] = {"application_id": application.id, "budget_id": pot, "amount_cents": 40_000}
        cut: dict[str, Any] = {"budget_id": pot, "amount_cents": 40_000, "reason": "Haushaltssperre"}
        return (
            calling(both.one, "ApplicationService/AwardApplication", **award),
            calling(both.two, "BudgetService/CutBudget", **cut),
        )

    async for outcome in at_every_step(prepare):
        steps += 1
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id}, OFFICE)).budget
        assert outcome.done == 1
        assert budget.available_cents == 10_000


async def test_a_year_that_closes_leaves_no_commitment_open(both: Replicas) -> None:
    pots: list[Pot] = []

    async def prepare() -> tuple[Command, Command]:
        old, _ = await two_years(both.one, cents=50_000, rules=RULES | BY_OFFICE | {"rolling": True})
        call = Round(both.one, old, "", await both.one.now())
        pots.append(old)
        application = await admitted(call, 40_000)
        award: dict[str, Any] = {
            "application_id": application.id,
            "budget_id": pots[-1].budget_id,
            "amount_cents": 40_000,
        }
        return (
            calling(both.one, "BudgetService/CloseBudget", budget_id=pots[-1].budget_id),
            calling(both.two, "ApplicationService/AwardApplication", **award),
        )

    async for outcome in at_every_step(prepare):
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": pots[-1].budget_id}, OFFICE)).budget
        assert outcome.done == 1
        assert (budget.committed_cents == 0) == (budget.lapsed_cents == 50_000)


async def test_a_year_is_never_planned_twice_for_one_title(both: Replicas) -> None:
    numbers = (f"{68_000 + number}" for number in range(1_000))

    async def prepare() -> tuple[Command, Command]:
        title = {"region": "11", "chapter": "3999", "number": next(numbers), "name": "Zuschüsse"}
        double = [{"year": 2040, "total_cents": 1_000}, {"year": 2041, "total_cents": 1_000}]
        return (
            calling(both.one, "TitleService/PlanTitle", **title, years=double),
            calling(both.two, "TitleService/PlanTitle", **title, years=double[1:]),
        )

    async for outcome in at_every_step(prepare):
        assert (outcome.done, outcome.reasons) == (1, ["TITLE_EXISTS"])


async def test_what_is_released_never_exceeds_the_title(both: Replicas) -> None:
    titles: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        pot = await a_pot(both.one, released_cents=0, total_cents=1_000_000)
        titles.append(pot.title_id)
        plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "region": "114010", "year": pot.year}
        other = await both.one.call("BudgetService/PlanBudget", plan | {"planned_cents": 1_000_000}, OFFICE)
        release: dict[str, Any] = {"amount_cents": 600_000, "reason": "as resolved"}
        return (
            calling(both.one, "BudgetService/ReleaseBudget", budget_id=pot.budget_id, **release),
            calling(both.two, "BudgetService/ReleaseBudget", budget_id=other.budget.id, **release),
        )

    async for outcome in at_every_step(prepare):
        title = (await both.one.call("TitleService/GetTitle", {"title_id": titles[-1]}, OFFICE)).title
        assert outcome.done == 1, outcome
        assert [year.released_cents for year in title.years] == [600_000]
