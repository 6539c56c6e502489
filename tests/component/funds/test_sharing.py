"""A title's total shared over regions in a running service, and how budgets are found."""

from chassis.ports import Role
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION, a_pot


async def test_there_is_one_budget_for_a_fund_a_region_and_a_year(funds: Started) -> None:
    pot = await a_pot(funds)
    plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "region": REGION, "year": pot.year, "planned_cents": 1}
    with refused("BUDGET_EXISTS", "ALREADY_EXISTS"):
        await funds.call("BudgetService/PlanBudget", plan, OFFICE)


async def test_a_budget_lies_in_its_funds_district(funds: Started) -> None:
    pot = await a_pot(funds)
    plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "year": pot.year, "planned_cents": 1}
    with refused("REGION_OUTSIDE_FUND", "INVALID_ARGUMENT", "region"):
        await funds.call("BudgetService/PlanBudget", plan | {"region": "014010"}, Role("fund_office"))
    with refused("TITLE_HAS_NO_SUCH_YEAR", "FAILED_PRECONDITION"):
        await funds.call("BudgetService/PlanBudget", plan | {"region": "114010", "year": pot.year + 1}, OFFICE)


async def test_a_total_is_shared_over_regions_to_the_cent(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=0)
    request = {
        "fund_id": pot.fund_id,
        "title_id": pot.title_id,
        "year": pot.year,
        "total_cents": 10_000_000,
        "minimum_cents": 260_000,
        "shares": [
            {"region": "111001", "weight": 1},
            {"region": "113006", "weight": 34_000},
            {"region": "115013", "weight": 30_000},
        ],
    }
    planned = (await funds.call("BudgetService/PlanBudgets", request, OFFICE)).budgets
    assert [b.region for b in planned] == ["111001", "113006", "115013"]
    assert sum(b.planned_cents for b in planned) == 10_000_000
    assert planned[0].planned_cents == 260_000


async def test_a_total_is_shared_over_regions_beside_one_another_and_none_must_weigh_something(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=0)
    plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "year": pot.year, "total_cents": 100}
    nested = [{"region": "1140", "weight": 1}, {"region": "114011", "weight": 1}]
    with refused("SHARES_OVERLAP", "INVALID_ARGUMENT", "shares[1].region"):
        await funds.call("BudgetService/PlanBudgets", plan | {"shares": nested}, OFFICE)
    shares = {"shares": [{"region": "114010", "weight": 0}, {"region": "114011", "weight": 1}], "minimum_cents": 10}
    planned = (await funds.call("BudgetService/PlanBudgets", plan | shares, OFFICE)).budgets
    assert [(budget.region, budget.planned_cents) for budget in planned] == [("114010", 10), ("114011", 90)]


async def test_budgets_are_listed_by_region_fund_and_year_page_by_page(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=0)
    shares = [{"region": region, "weight": 1} for region in ("114010", "114011", "115012")]
    request = {"fund_id": pot.fund_id, "title_id": pot.title_id, "year": pot.year, "total_cents": 9, "shares": shares}
    await funds.call("BudgetService/PlanBudgets", request, OFFICE)
    seen, filter = [], {"region": "11", "fund_id": pot.fund_id, "year": pot.year, "page_size": 3}
    page = await funds.call("BudgetService/ListBudgets", filter)
    seen += [b.region for b in page.budgets]
    token = {"page_token": page.next_page_token}
    page = await funds.call("BudgetService/ListBudgets", filter | token)
    seen += [b.region for b in page.budgets]
    assert (sorted(seen), page.next_page_token) == ([REGION, "114010", "114011", "115012"], "")
    with refused("PAGE_TOKEN_MISMATCH", "INVALID_ARGUMENT", "page_token"):
        await funds.call("BudgetService/ListBudgets", filter | token | {"region": "1140"})
    assert not (await funds.call("BudgetService/ListBudgets", filter | {"region": "01"})).budgets
