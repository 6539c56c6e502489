"""Builders for funds: a title, a fund, a budget and a round as Lichtenberg has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.ports import Role, berlin_day, end_of_day, new_id
from services.funds.domain.budget import Booked, Budget
from services.funds.domain.fund import Fund, FundKind
from services.funds.domain.fund_rules import DecisionBody, FundRules
from services.funds.domain.funding_round import FundingRound
from services.funds.domain.ledger import Posting, PostingLine, Stamp
from services.funds.domain.ledger_check import BudgetCheck, Difference, TitleCheck
from services.funds.domain.title import BudgetTitle, TitleYear
from tests.support.city import Started

YEAR = 2027
REGION = "114009"
NOON = datetime(YEAR, 3, 10, 11, 0, tzinfo=UTC)
OFFICE = Role("fund_office", regions=("11",))
AUDITOR = Role("auditor")


def rules(**changes: Any) -> FundRules:
    """Kiezfonds Lichtenberg: 1,000 € at most, a jury of 15, half of them a quorum."""
    usual: dict[str, Any] = {
        "decision_body": DecisionBody.JURY,
        "cap_cents": 100_000,
        "quorum_percent": 50,
        "jury_size": 15,
        "four_eyes": True,
    }
    return FundRules(**usual | changes)


def a_fund(**changes: Any) -> Fund:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": "11",
        "kind": FundKind.KIEZFONDS,
        "name": "Kiezfonds Lichtenberg",
        "office_actor_id": new_id(),
        "rules": rules(),
    }
    return Fund(**usual | changes)


def a_title(total_cents: int = 16_900_000, **changes: Any) -> BudgetTitle:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": "11",
        "chapter": "3320",
        "number": "68432",
        "name": "Zuschüsse für besondere, soziale Projekte",
        "years": (TitleYear(YEAR, total_cents),),
    }
    return BudgetTitle(**usual | changes)


def a_stamp(at: datetime = NOON, **changes: Any) -> Stamp:
    usual: dict[str, Any] = {"at": at, "value_date": berlin_day(at), "by": "office", "reason": "as resolved"}
    return Stamp(**usual | changes)


def a_planned_budget(**changes: Any) -> Budget:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "fund_id": new_id(),
        "title_id": new_id(),
        "year": YEAR,
        "office_actor_id": new_id(),
        "planned_cents": 1_300_000,
    }
    return Budget(**usual | changes)


def a_budget(available_cents: int = 1_300_000, **changes: Any) -> Budget:
    """A released budget that has its first posting."""
    released, _ = a_planned_budget(**changes).release(available_cents, a_stamp())
    return released


def a_posting(*lines: PostingLine, **changes: Any) -> Posting:
    """The first posting of `a_budget`, or that one with other lines and fields."""
    budget = a_planned_budget()
    _, posting = budget.release(1_300_000, a_stamp())
    fields = {name: getattr(posting, name) for name in Posting.__dataclass_fields__}
    return Posting(**fields | ({"lines": lines} if lines else {}) | changes)


def a_round(**changes: Any) -> FundingRound:
    """A planned round from 4 to 22 January."""
    opens_on, closes_on = date(YEAR, 1, 4), date(YEAR, 1, 22)
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "fund_id": new_id(),
        "fund_name": "Kiezfonds Lichtenberg",
        "budget_id": new_id(),
        "year": YEAR,
        "name": "Kiezfonds, first round",
        "opens_on": opens_on,
        "closes_on": closes_on,
        "opens_at": end_of_day(opens_on - timedelta(days=1)),
        "closes_at": end_of_day(closes_on),
    }
    return FundingRound(**usual | changes)


def check_budget(budget: Budget, postings: Iterable[Posting]) -> tuple[Difference, ...]:
    check = BudgetCheck(budget)
    for posting in postings:
        check.add(posting)
    return check.differences()


def check_title(title: BudgetTitle, budgets: Iterable[Budget]) -> tuple[Difference, ...]:
    check = TitleCheck(title)
    for budget in budgets:
        check.add(budget)
    return check.differences()


@dataclass(slots=True)
class Books:
    """A budget and all postings that its methods answered, as a store would keep them."""

    budget: Budget
    postings: list[Posting]

    def keep(self, booked: Booked) -> None:
        self.budget, posting = booked
        self.postings.append(posting)


def books(available_cents: int = 1_300_000) -> Books:
    """The books of a budget that was released."""
    budget, posting = a_planned_budget().release(available_cents, a_stamp())
    return Books(budget, [posting])


@dataclass(frozen=True, slots=True)
class Pot:
    """Ids of a title, a fund and a budget in a running service."""

    title_id: str
    fund_id: str
    budget_id: str
    year: int


RULES: dict[str, Any] = {
    "decision_body": "DECISION_BODY_JURY",
    "cap_cents": 100_000,
    "quorum_percent": 50,
    "jury_size": 15,
    "four_eyes": True,
}


async def a_pot(
    funds: Started,
    *,
    released_cents: int = 1_300_000,
    total_cents: int = 16_900_000,
    region: str = REGION,
    **more_rules: Any,
) -> Pot:
    """A title, a fund and a budget of next year, made by calls; the budget is released unless `released_cents` is 0."""
    year = berlin_day(await funds.now()).year + 1
    title = await funds.call(
        "TitleService/PlanTitle",
        {
            "region": "11",
            "chapter": "3320",
            "number": str(int(new_id().replace("-", ""), 16))[-9:],
            "name": "Zuschüsse",
            "years": [{"year": year, "total_cents": total_cents}],
        },
        OFFICE,
    )
    fund = await funds.call(
        "FundService/CreateFund",
        {
            "region": "11",
            "kind": "FUND_KIND_KIEZFONDS",
            "name": "Kiezfonds Lichtenberg",
            "office_actor_id": new_id(),
            "rules": RULES | more_rules,
        },
        OFFICE,
    )
    plan = {"fund_id": fund.fund.id, "title_id": title.title.id, "region": region, "year": year}
    budget = await funds.call("BudgetService/PlanBudget", plan | {"planned_cents": 1_300_000}, OFFICE)
    pot = Pot(title.title.id, fund.fund.id, budget.budget.id, year)
    if released_cents:
        await move(funds, "Release", pot, released_cents)
    return pot


async def move(funds: Started, what: str, pot: Pot, amount_cents: int, **more: Any) -> Any:
    """Call ReleaseBudget, RaiseBudget … and answer the budget."""
    request = {"budget_id": pot.budget_id, "amount_cents": amount_cents, "reason": "as resolved", **more}
    return (await funds.call(f"BudgetService/{what}Budget", request, OFFICE)).budget
