"""Reading the ledger, and undoing a posting."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction
from services.funds.domain.budget import Budget
from services.funds.domain.ledger import Account, Posting, posting_id
from services.funds.domain.refusals.budget import PostingIsReversed, PostingNotFound
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.ports import Budgets, Ledger, Titles

READS_ALL = ("fund_office", "treasurer", "auditor")


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


def as_read_by(posting: Posting, caller: Caller, region: str) -> Posting:
    """Who booked and why is for those who keep the books of the region."""
    return posting if caller.may(*READS_ALL, region=region) else replace(posting, by="", reason="")


class LedgerUseCases:
    def __init__(self, titles: Titles, budgets: Budgets, ledger: Ledger) -> None:
        self._titles, self._budgets, self._ledger = titles, budgets, ledger

    async def list_postings(self, query: ListPostings, caller: Caller) -> Page[Posting]:
        budget = await self._budgets.get(query.budget_id)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._ledger.listed(budget.id, request)
        read = tuple(as_read_by(posting, caller, budget.region) for posting in page.items)
        return Page(read, page.next_page_token)

    async def reverse_posting(self, tx: Transaction, command: ReversePosting, caller: Caller) -> Budget:
        budget = await self._budgets.get(command.budget_id, tx, etag=command.etag)
        caller.require("fund_office", region=budget.region)
        original = await self._ledger.find(posting_id(budget.id, command.number), tx)
        if original is None:
            raise PostingNotFound(command.number)
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
