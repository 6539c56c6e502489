"""Reading the ledger, undoing a posting, and proving that all of it is right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction
from chassis.refusals import Stale
from lor import CITY, OptionalRegion
from services.funds.domain.budget import Budget
from services.funds.domain.ledger import Account, Posting, posting_id
from services.funds.domain.ledger_check import Difference, check_budget, check_title
from services.funds.domain.refusals.budget import PostingIsReversed, PostingNotFound, PostingOfGrant
from services.funds.domain.title import BudgetTitle
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.ports import Budgets, Ledger, Titles

READS_ALL = ("fund_office", "treasurer", "auditor")
ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class ListPostings:
    budget_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class ReversePosting:
    budget_id: Id
    number: Annotated[int, Ge(1), Le(10**8 - 1)]
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    region: OptionalRegion = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was recomputed, and every difference that was found."""

    titles: int
    budgets: int
    postings: int
    differences: tuple[Difference, ...]
    # Of all budgets that were recomputed; not told to callers.
    balances: Mapping[Account, int] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        return not self.differences


class LedgerUseCases:
    def __init__(self, titles: Titles, budgets: Budgets, ledger: Ledger) -> None:
        self._titles, self._budgets, self._ledger = titles, budgets, ledger

    async def list_postings(self, query: ListPostings, caller: Caller) -> Page[Posting]:
        """Who booked and why is for those who keep the books."""
        budget = await self._budgets.get(query.budget_id)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._ledger.listed(budget.id, request)
        if caller.may(*READS_ALL, region=budget.region):
            return page
        return Page(tuple(replace(posting, by="", reason="") for posting in page.items), page.next_page_token)

    async def reverse_posting(self, tx: Transaction, command: ReversePosting, caller: Caller) -> Budget:
        budget = await self._budgets.get(command.budget_id, tx, etag=command.etag)
        caller.require("fund_office", region=budget.region)
        original = await self._ledger.find(posting_id(budget.id, command.number), tx)
        if original is None:
            raise PostingNotFound(command.number)
        if original.grant_id:
            raise PostingOfGrant(original.grant_id)
        if await self._ledger.reversal_of(tx, budget.id, command.number):
            raise PostingIsReversed(command.number)
        reversed_, posting = budget.reverse(original, stamp(tx, budget, caller.sub, reason=command.reason))
        drawn = sum(line.amount_cents for line in original.lines if line.account is Account.TITLE)
        if drawn:
            title = await self._titles.get(budget.title_id, tx)
            await self._titles.save(tx, title.draw(budget.year, drawn))
        return await book(tx, self._budgets, self._ledger, reversed_, posting)

    async def title_and_budget(self, command: ReversePosting) -> Iterable[str]:
        """What undoing a release queues for."""
        budget = await self._budgets.find(command.budget_id)
        return (command.budget_id, budget.title_id) if budget else (command.budget_id,)

    async def verify_ledger(self, query: VerifyLedger, caller: Caller) -> Verification:
        region = query.region or CITY
        caller.require(*READS_ALL, region=region)
        titles = budgets = postings = 0
        differences: list[Difference] = []
        balances: Counter[Account] = Counter(dict.fromkeys(Account, 0))
        async for title in self._titles.every(region):
            differences.extend(await self._check_title(title))
            titles += 1
        async for budget in self._budgets.every(region):
            seen, found = await self._check_budget(budget)
            differences.extend(found)
            budgets, postings = budgets + 1, postings + seen
            balances.update({account: budget.balance_cents(account) for account in Account})
        return Verification(titles, budgets, postings, tuple(differences), balances)

    # Both checks read without a lock. What they read is one state of the record when its version is the same before
    # and after: every movement of money saves the budget, and the title too where it is touched.

    async def _check_title(self, title: BudgetTitle) -> tuple[Difference, ...]:
        for _ in range(ATTEMPTS):
            found = check_title(title, [budget async for budget in self._budgets.of_title(title.id)])
            now = await self._titles.get(title.id)
            if now.version == title.version:
                return found
            title = now
        raise Stale("BUSY", "The ledger changes too fast to be proved now; repeat the call.")

    async def _check_budget(self, budget: Budget) -> tuple[int, tuple[Difference, ...]]:
        for _ in range(ATTEMPTS):
            postings = [posting async for posting in self._ledger.every(budget.id)]
            now = await self._budgets.get(budget.id)
            if now.version == budget.version:
                return len(postings), check_budget(budget, postings)
            budget = now
        raise Stale("BUSY", "The ledger changes too fast to be proved now; repeat the call.")
