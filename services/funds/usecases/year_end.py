"""The end of a year: promises carried on, shares of the next year added, budgets closed (Jahresabschluss)."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Id, Line, OptionalId, PageSize, PageToken, Year
from chassis.ports import Caller, Page, PageRequest, Transaction, berlin_day
from lor import OptionalRegion
from services.funds.domain import continuing
from services.funds.domain.budget import Budget
from services.funds.domain.carrying import carry, match, require_following
from services.funds.domain.facts import BudgetClosed, GrantCarried, GrantContinued
from services.funds.domain.grant import Grant
from services.funds.domain.refusals.budget import (
    BudgetHasOpenCommitments,
    CarriedWithoutCounterpart,
    RegionOrFund,
    YearHasOpenCommitments,
    YearNotBegun,
)
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.grant_reading import as_seen_by
from services.funds.usecases.ports import Budgets, Funds, Grants, Ledger
from services.funds.usecases.recipient import Recipients

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class CarryGrant:
    grant_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class ContinueGrant:
    grant_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class CloseBudget:
    budget_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class CloseYear:
    """Of a fund, of a region and all that lies in it, or of both. `at_most` 0: fifty budgets in one step."""

    year: Year
    fund_id: OptionalId = ""
    region: OptionalRegion = ""
    at_most: Annotated[int, Ge(0), Le(AT_ONCE)] = 0


@dataclass(frozen=True, slots=True)
class ListOpenGrants:
    budget_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class YearClosed:
    """What this step closed, and how many budgets of the year are left for the next."""

    budgets: tuple[Budget, ...]
    remaining: int


class YearEndUseCases:
    def __init__(
        self, funds: Funds, budgets: Budgets, ledger: Ledger, grants: Grants, money: GrantMoney, recipients: Recipients
    ) -> None:
        self._funds, self._budgets, self._ledger = funds, budgets, ledger
        self._grants, self._money, self._recipients = grants, money, recipients

    async def locks(self, command: CarryGrant | ContinueGrant) -> tuple[str, ...]:
        return await self._money.places(await self._grants.get(command.grant_id))

    async def carry_grant(self, tx: Transaction, command: CarryGrant, caller: Caller) -> Grant:
        """What is promised and not paid goes into the next year's budget, under the same grant."""
        grant, budget = await self._loaded(tx, command.grant_id, caller)
        following = await self._following(tx, budget)
        cents = await self._money.open_cents(tx, grant)
        carried = continuing.carry(grant, following, cents)
        await self._carry(tx, grant, budget, following, cents, command.reason, caller)
        said = GrantCarried(carried.public(), cents, budget.id)
        return as_seen_by(await self._grants.save(tx, carried, said), caller)

    async def continue_grant(self, tx: Transaction, command: ContinueGrant, caller: Caller) -> Grant:
        """Carry what is open, and promise the share of the next year from that year's own money.

        A grant that was carried into a year before it got the share of it gets that one first.
        """
        grant, budget = await self._loaded(tx, command.grant_id, caller)
        if continuing.has_share_of(grant, budget.year):
            giving, cents = budget, 0
        else:
            giving = await self._following(tx, budget)
            cents = await self._money.open_cents(tx, grant)
        continued, share = continuing.go_on(grant, giving)
        if cents:
            giving = await self._carry(tx, grant, budget, giving, cents, command.reason, caller)
        promised = giving.commit(share, grant.id, stamp(tx, giving, caller.sub, reason=command.reason))
        await book(tx, self._budgets, self._ledger, *promised)
        told = continued.public()
        facts = (GrantCarried(told, cents, budget.id),) if cents else ()
        return as_seen_by(await self._grants.save(tx, continued, *facts, GrantContinued(told, share)), caller)

    async def close_budget(self, tx: Transaction, command: CloseBudget, caller: Caller) -> Budget:
        budget = await self._budgets.get(command.budget_id, tx, etag=command.etag)
        caller.require("fund_office", region=budget.region)
        if budget.committed_cents:
            holding = await self._grants.holding(tx, budget.id)
            raise BudgetHasOpenCommitments(budget.committed_cents, [grant.id for grant in holding])
        return await self._close(tx, budget, caller.sub)

    async def close_year(self, tx: Transaction, command: CloseYear, caller: Caller) -> YearClosed:
        """All budgets of the year, some at a time; none while one of them has an open commitment."""
        region = command.region
        if not region:
            if not command.fund_id:
                raise RegionOrFund
            region = (await self._funds.get(command.fund_id, tx)).region
        caller.require("fund_office", region=region)
        if command.year > berlin_day(tx.at).year:
            raise YearNotBegun(command.year)
        if held := await self._budgets.committed_in(tx, region, command.fund_id, command.year):
            cents = sum(budget.committed_cents for budget in held)
            raise YearHasOpenCommitments(len(held), cents, [budget.id for budget in held[:50]])
        most = command.at_most or AT_ONCE
        still_open, all_of_them = await self._budgets.open_in(tx, region, command.fund_id, command.year, most)
        closed = tuple([await self._close(tx, budget, caller.sub) for budget in still_open])
        return YearClosed(closed, all_of_them - len(closed))

    async def list_open_grants(self, query: ListOpenGrants, caller: Caller) -> Page[Grant]:
        budget = await self._budgets.get(query.budget_id)
        caller.require("fund_office", "treasurer", "auditor", region=budget.region)
        page = await self._grants.open_in(budget.id, PageRequest(query.page_size, query.page_token, caller.sub))
        return Page(tuple(as_seen_by(grant, caller) for grant in page.items), page.next_page_token)

    async def _loaded(self, tx: Transaction, grant_id: str, caller: Caller) -> tuple[Grant, Budget]:
        grant = await self._grants.get(grant_id, tx)
        budget = await self._budgets.get(grant.budget_id, tx)
        caller.require("fund_office", region=budget.region)
        await self._recipients.require_other(tx, caller, grant)
        return grant, budget

    async def _following(self, tx: Transaction, budget: Budget) -> Budget:
        return require_following(budget, await self._budgets.following(budget, tx))

    async def _carry(
        self, tx: Transaction, grant: Grant, budget: Budget, following: Budget, cents: int, reason: str, caller: Caller
    ) -> Budget:
        out = stamp(tx, budget, caller.sub, reason=reason)
        into = stamp(tx, following, caller.sub, reason=reason)
        carried, brought = carry(budget, following, cents, grant.id, out, into)
        await book(tx, self._budgets, self._ledger, *carried)
        return await book(tx, self._budgets, self._ledger, *brought)

    async def _close(self, tx: Transaction, budget: Budget, by: str) -> Budget:
        if budget.year > berlin_day(tx.at).year:
            raise YearNotBegun(budget.year)
        closed, posting = budget.close(stamp(tx, budget, by, reason="year closed"))
        carried = await self._ledger.carried_out_of(tx, budget.id) if budget.carried_cents else ()
        arrived = {p.id: p for p in await self._ledger.many([p.counterpart_id for p in carried], tx)}
        for each in carried:
            if not match(each, arrived.get(each.counterpart_id)):
                raise CarriedWithoutCounterpart(each.number)
        if posting is None:
            return await self._budgets.save(tx, closed, BudgetClosed(closed))
        return await book(tx, self._budgets, self._ledger, closed, posting, BudgetClosed(closed))
