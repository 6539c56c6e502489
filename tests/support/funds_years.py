"""Builders for what spans a year: one fund with a released budget of this year and of the next."""

from typing import Any

from chassis.ports import berlin_day, new_id
from tests.support.city import Started
from tests.support.funds import OFFICE, REGION, RULES, Pot, move


async def two_years(
    funds: Started, *, cents: int = 1_000_000, region: str = REGION, next_year: str = "released", **fund: Any
) -> tuple[Pot, Pot]:
    """The pots of this year and of the next; `next_year` is released, planned or missing. `fund` goes to CreateFund."""
    year = berlin_day(await funds.now()).year
    title = {
        "region": "11",
        "chapter": "3320",
        "number": str(int(new_id().replace("-", ""), 16))[-9:],
        "name": "Zuschüsse",
        "years": [{"year": year, "total_cents": 10_000_000}, {"year": year + 1, "total_cents": 10_000_000}],
    }
    title_id = (await funds.call("TitleService/PlanTitle", title, OFFICE)).title.id
    usual = {"region": "11", "name": "Kiezfonds", "office_actor_id": new_id()}
    rules = {} if "rule_set" in fund else {"kind": "FUND_KIND_KIEZFONDS", "rules": RULES}
    fund_id = (await funds.call("FundService/CreateFund", usual | rules | fund, OFFICE)).fund.id
    first = await _a_budget(funds, Pot(title_id, fund_id, "", year), region, cents)
    if next_year == "missing":
        return first, first
    released = cents if next_year == "released" else 0
    return first, await _a_budget(funds, Pot(title_id, fund_id, "", year + 1), region, released)


async def _a_budget(funds: Started, pot: Pot, region: str, cents: int) -> Pot:
    plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "region": region, "year": pot.year, "planned_cents": 1}
    budget = (await funds.call("BudgetService/PlanBudget", plan, OFFICE)).budget
    made = Pot(pot.title_id, pot.fund_id, budget.id, pot.year)
    if cents:
        await move(funds, "Release", made, cents)
    return made


async def carry(funds: Started, grant_id: str) -> Any:
    request = {"grant_id": grant_id, "reason": "das Fest ist im Januar"}
    return (await funds.call("YearEndService/CarryGrant", request, OFFICE, sub="office")).grant


async def close_year(funds: Started, pot: Pot, **fields: Any) -> Any:
    request = {"year": pot.year, "fund_id": pot.fund_id} | fields
    return await funds.call("YearEndService/CloseYear", request, OFFICE, sub="office")


async def a_budget(funds: Started, pot: Pot) -> Any:
    return (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
