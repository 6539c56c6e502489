"""Statements: what stands where on a day, as it was known at an instant; of titles, budgets and grants (Kontoauszug)."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from chassis.fields import Check, Day, Id, PageSize, PageToken
from chassis.ports import Caller, PageRequest
from services.funds.domain.balance import Balance
from services.funds.domain.budget import Budget
from services.funds.domain.grant import Grant
from services.funds.domain.grant_position import GrantPosition, GrantSums, positions, sums
from services.funds.domain.ledger import Account, Posting
from services.funds.domain.title import BudgetTitle
from services.funds.usecases.claim import require_party
from services.funds.usecases.ledger import READS_ALL, as_read_by
from services.funds.usecases.ports import Budgets, Grants, Ledger, Titles
from services.funds.usecases.recipient import Recipients
from services.funds.usecases.title import OptionalYear

Instant = Annotated[
    datetime | None, Check(lambda v: v is None or 2000 <= v.year <= 2200, "must be between the years 2000 and 2200")
]


@dataclass(frozen=True, slots=True)
class GetBudgetBalance:
    """What has a value date up to `as_of` and was booked up to `known_at`; without them all."""

    budget_id: Id
    as_of: Day | None = None
    known_at: Instant = None


@dataclass(frozen=True, slots=True)
class GetTitleBalance:
    title_id: Id
    as_of: Day | None = None
    known_at: Instant = None


@dataclass(frozen=True, slots=True)
class GetBudgetStatement:
    budget_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class GetTitleStatement:
    title_id: Id
    year: OptionalYear = 0
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class GetGrantStatement:
    grant_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class YearBalance:
    """A year of a title: what it holds now, and what stood on the accounts of all budgets that draw from it."""

    year: int
    total_cents: int
    budgets: int
    balance: Balance


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A posting, and what stood on the accounts after it."""

    posting: Posting
    balance: Balance


@dataclass(frozen=True, slots=True)
class BudgetStatement:
    budget: Budget
    lines: tuple[StatementLine, ...]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class TitleStatement:
    title: BudgetTitle
    budgets: tuple[Budget, ...]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class GrantStatement:
    sums: GrantSums
    positions: tuple[GrantPosition, ...]
    postings: tuple[Posting, ...]
    next_page_token: str


class StatementUseCases:
    def __init__(
        self, titles: Titles, budgets: Budgets, ledger: Ledger, grants: Grants, recipients: Recipients
    ) -> None:
        self._titles, self._budgets, self._ledger = titles, budgets, ledger
        self._grants, self._recipients = grants, recipients

    async def get_budget_balance(self, query: GetBudgetBalance, caller: Caller) -> Balance:
        budget = await self._budgets.get(query.budget_id)
        tally = Tally()
        await self._add(tally, budget.id, query.as_of, query.known_at)
        return tally.balance

    async def get_title_balance(self, query: GetTitleBalance, caller: Caller) -> tuple[YearBalance, ...]:
        title = await self._titles.get(query.title_id)
        tallies: defaultdict[int, Tally] = defaultdict(Tally)
        budgets: Counter[int] = Counter()
        async for budget in self._budgets.of_title(title.id):
            await self._add(tallies[budget.year], budget.id, query.as_of, query.known_at)
            budgets[budget.year] += 1
        return tuple(
            YearBalance(year.year, year.total_cents, budgets[year.year], tallies[year.year].balance)
            for year in title.years
        )

    async def get_budget_statement(self, query: GetBudgetStatement, caller: Caller) -> BudgetStatement:
        budget = await self._budgets.get(query.budget_id)
        page = await self._ledger.listed(budget.id, PageRequest(query.page_size, query.page_token, caller.sub))
        tally = Tally()
        if page.items:
            await tally.add_until(self._ledger.every(budget.id), page.items[0].number)
        lines = []
        for posting in page.items:
            tally.add(posting)
            lines.append(StatementLine(as_read_by(posting, caller, budget.region), tally.balance))
        return BudgetStatement(budget, tuple(lines), page.next_page_token)

    async def get_title_statement(self, query: GetTitleStatement, caller: Caller) -> TitleStatement:
        title = await self._titles.get(query.title_id)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._budgets.drawing(title.id, query.year, request)
        return TitleStatement(title, page.items, page.next_page_token)

    async def get_grant_statement(self, query: GetGrantStatement, caller: Caller) -> GrantStatement:
        grant: Grant = await self._grants.get(query.grant_id)
        require_party(grant, await self._recipients.party(caller, grant), *READS_ALL)
        of_grant = await self._ledger.of_grant(grant.id)
        page = await self._ledger.listed_of_grant(grant.id, PageRequest(query.page_size, query.page_token, caller.sub))
        read = tuple(as_read_by(posting, caller, grant.region) for posting in page.items)
        return GrantStatement(sums(of_grant), positions(of_grant), read, page.next_page_token)

    async def _add(self, tally: "Tally", budget_id: str, as_of: date | None, known_at: datetime | None) -> None:
        async for posting in self._ledger.every(budget_id):
            counts = as_of is None or posting.value_date <= as_of
            if counts and (known_at is None or posting.recorded_at <= known_at):
                tally.add(posting)


class Tally:
    """Adds postings up, one by one, so that none has to be kept."""

    def __init__(self) -> None:
        self._held, self._postings = dict.fromkeys(Account, 0), 0

    def add(self, posting: Posting) -> None:
        self._postings += 1
        for line in posting.lines:
            self._held[line.account] += line.amount_cents

    async def add_until(self, postings: AsyncIterator[Posting], number: int) -> None:
        async for posting in postings:
            if posting.number >= number:
                return
            self.add(posting)

    @property
    def balance(self) -> Balance:
        return Balance.of(self._held, self._postings)
