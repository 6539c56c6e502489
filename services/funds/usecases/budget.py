"""Planning budgets, giving them money and taking it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le, MaxLen, MinLen

from chassis.fields import Cents, CentsOrZero, Day, Id, Line, OptionalId, PageSize, PageToken, Year
from chassis.ports import Caller, Page, PageRequest, Transaction, berlin_day, new_id
from lor import CITY, OptionalRegion, Region, within
from services.funds.domain.account_days import AccountDays
from services.funds.domain.allocation import allocate, require_apart
from services.funds.domain.budget import Booked, Budget
from services.funds.domain.facts import (
    BudgetCut,
    BudgetFrozen,
    BudgetPlanned,
    BudgetRaised,
    BudgetReleased,
    BudgetUnfrozen,
)
from services.funds.domain.fund import Fund
from services.funds.domain.ledger import day_in_year
from services.funds.domain.refusals.budget import RegionOutsideFund, ValueDateInFuture, WeightsMissing
from services.funds.domain.refusals.fund import FundGivesNotInYear
from services.funds.domain.title import BudgetTitle
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.ports import Budgets, Funds, Ledger, Titles
from services.funds.usecases.title import OptionalYear, References


@dataclass(frozen=True, slots=True)
class PlanBudget:
    fund_id: Id
    title_id: Id
    region: Region
    year: Year
    planned_cents: Cents
    office_actor_id: OptionalId = ""
    references: References = ()


@dataclass(frozen=True, slots=True)
class Share:
    region: Region
    weight: Annotated[int, Ge(0), Le(10**9)] = 0


@dataclass(frozen=True, slots=True)
class PlanBudgets:
    """One budget for each region, shared by weight; none gets less than `minimum_cents`, nor than the fund's rules say."""

    fund_id: Id
    title_id: Id
    year: Year
    total_cents: Cents
    shares: Annotated[tuple[Share, ...], MinLen(1), MaxLen(200)]
    minimum_cents: CentsOrZero = 0
    references: References = ()


@dataclass(frozen=True, slots=True)
class MoveMoney:
    """What release, raise, cut, freeze, unfreeze need. `value_date` empty: today, or the nearest day of the year."""

    budget_id: Id
    amount_cents: Cents
    reason: Line
    value_date: Day | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetBudget:
    budget_id: Id
    as_of: Day | None = None


@dataclass(frozen=True, slots=True)
class ListBudgets:
    region: OptionalRegion = ""
    fund_id: OptionalId = ""
    year: OptionalYear = 0
    page_size: PageSize = 0
    page_token: PageToken = ""


Fact = Callable[[Budget, int], object]


class BudgetUseCases:
    def __init__(self, titles: Titles, funds: Funds, budgets: Budgets, ledger: Ledger) -> None:
        self._titles, self._funds, self._budgets, self._ledger = titles, funds, budgets, ledger

    async def plan_budget(self, tx: Transaction, command: PlanBudget, caller: Caller) -> Budget:
        caller.require("fund_office", region=command.region)
        fund = await self._funds.get(command.fund_id, tx)
        title = await self._titles.get(command.title_id, tx)
        office = command.office_actor_id or fund.office_actor_id
        return await self._plan(
            tx, fund, title, command.region, command.year, command.planned_cents, office, command.references
        )

    async def plan_budgets(self, tx: Transaction, command: PlanBudgets, caller: Caller) -> tuple[Budget, ...]:
        for share in command.shares:
            caller.require("fund_office", region=share.region)
        fund = await self._funds.get(command.fund_id, tx)
        title = await self._titles.get(command.title_id, tx)
        minimum = max(command.minimum_cents, fund.rules.region_minimum_cents)
        weights = {share.region: share.weight for share in command.shares}
        if len(weights) < len(command.shares):
            raise WeightsMissing
        require_apart([share.region for share in command.shares])
        planned = []
        for region, cents in allocate(command.total_cents, weights, minimum).items():
            planned.append(
                await self._plan(tx, fund, title, region, command.year, cents, fund.office_actor_id, command.references)
            )
        return tuple(planned)

    async def release_budget(self, tx: Transaction, command: MoveMoney, caller: Caller) -> Budget:
        return await self._draw(tx, command, caller, Budget.release, BudgetReleased, command.amount_cents)

    async def raise_budget(self, tx: Transaction, command: MoveMoney, caller: Caller) -> Budget:
        return await self._draw(tx, command, caller, Budget.raised, BudgetRaised, command.amount_cents)

    async def cut_budget(self, tx: Transaction, command: MoveMoney, caller: Caller) -> Budget:
        return await self._draw(tx, command, caller, Budget.cut, BudgetCut, -command.amount_cents)

    async def freeze_budget(self, tx: Transaction, command: MoveMoney, caller: Caller) -> Budget:
        return await self._move(tx, command, caller, Budget.freeze, BudgetFrozen)

    async def unfreeze_budget(self, tx: Transaction, command: MoveMoney, caller: Caller) -> Budget:
        return await self._move(tx, command, caller, Budget.unfreeze, BudgetUnfrozen)

    async def get_budget(self, query: GetBudget, caller: Caller) -> Budget:
        budget = await self._budgets.get(query.budget_id)
        if query.as_of is None:
            return budget
        return budget.with_balances((await self._days(budget.id)).balances(query.as_of))

    async def list_budgets(self, query: ListBudgets, caller: Caller) -> Page[Budget]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._budgets.listed(query.region or CITY, query.fund_id, query.year, request)

    async def title_and_budget(self, command: MoveMoney) -> Iterable[str]:
        """What a movement from or to the title queues for."""
        budget = await self._budgets.find(command.budget_id)
        return (command.budget_id, budget.title_id) if budget else (command.budget_id,)

    async def _plan(
        self,
        tx: Transaction,
        fund: Fund,
        title: BudgetTitle,
        region: str,
        year: int,
        planned_cents: int,
        office_actor_id: str,
        references: References,
    ) -> Budget:
        title.of_year(year)
        if not fund.rules.gives_in(year):
            raise FundGivesNotInYear(year, fund.rules.first_year, fund.rules.last_year)
        for outer in (fund.region, title.region):
            if not within(region, outer):
                raise RegionOutsideFund(region, outer)
        budget = Budget(
            id=new_id(),
            region=region,
            fund_id=fund.id,
            title_id=title.id,
            year=year,
            office_actor_id=office_actor_id,
            planned_cents=planned_cents,
            references=references,
        )
        return await self._budgets.add(tx, budget, BudgetPlanned(budget))

    async def _draw(
        self,
        tx: Transaction,
        command: MoveMoney,
        caller: Caller,
        move: Callable[..., Booked],
        fact: Fact,
        drawn_cents: int,
    ) -> Budget:
        saved = await self._move(tx, command, caller, move, fact)
        title = await self._titles.get(saved.title_id, tx)
        await self._titles.save(tx, title.draw(saved.year, drawn_cents))
        return saved

    async def _move(
        self, tx: Transaction, command: MoveMoney, caller: Caller, move: Callable[..., Booked], fact: Fact
    ) -> Budget:
        budget = await self._budgets.get(command.budget_id, tx, etag=command.etag)
        caller.require("fund_office", region=budget.region)
        latest = day_in_year(berlin_day(tx.at), budget.year)
        if command.value_date and command.value_date.year == budget.year and command.value_date > latest:
            raise ValueDateInFuture(latest)
        when = stamp(tx, budget, caller.sub, reason=command.reason, value_date=command.value_date)
        moved, posting = move(budget, command.amount_cents, when)
        if posting.value_date < latest:
            # What others book meanwhile changes the budget, and has this be done anew.
            (await self._days(budget.id)).require(posting)
        return await book(tx, self._budgets, self._ledger, moved, posting, fact(moved, command.amount_cents))

    async def _days(self, budget_id: str) -> AccountDays:
        days = AccountDays()
        async for posting in self._ledger.every(budget_id):
            days.add(posting)
        return days
