"""Where titles, funds, budgets, their ledgers and rounds are kept."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.funds.domain.budget import Budget
from services.funds.domain.fund import Fund, FundKind, RulesVersion
from services.funds.domain.funding_round import FundingRound, RoundStatus
from services.funds.domain.ledger import Posting
from services.funds.domain.title import BudgetTitle


class Titles(Aggregates[BudgetTitle], Protocol):
    async def listed(self, region: str, year: int, request: PageRequest) -> Page[BudgetTitle]: ...
    def every(self, region: str) -> AsyncIterator[BudgetTitle]: ...
    async def planned(self, tx: Transaction, region: str, chapter: str, number: str, year: int) -> BudgetTitle | None:
        """The one that holds the money of this place in the budget plan in this year."""
        ...


class Funds(Aggregates[Fund], Protocol):
    async def listed(self, region: str, kind: FundKind | None, request: PageRequest) -> Page[Fund]: ...


class RulesVersions(Records[RulesVersion], Protocol):
    async def listed(self, fund_id: str, request: PageRequest) -> Page[RulesVersion]:
        """The oldest first."""
        ...


class Budgets(Aggregates[Budget], Protocol):
    async def listed(self, region: str, fund_id: str, year: int, request: PageRequest) -> Page[Budget]: ...
    def every(self, region: str) -> AsyncIterator[Budget]: ...
    def of_title(self, title_id: str) -> AsyncIterator[Budget]: ...
    async def drawing(self, title_id: str, year: int, request: PageRequest) -> Page[Budget]:
        """Those that draw from the title, of this year or of all (0)."""
        ...

    async def following(self, budget: Budget, tx: Transaction) -> Budget | None:
        """That of the same fund and region in the next year."""
        ...

    async def committed_in(self, tx: Transaction, region: str, fund_id: str, year: int) -> tuple[Budget, ...]:
        """Those of a year with open commitments, at most 500."""
        ...

    async def open_in(
        self, tx: Transaction, region: str, fund_id: str, year: int, most: int
    ) -> tuple[tuple[Budget, ...], int]:
        """The first `most` of a year that are not closed yet, and how many there are in all."""
        ...


class Ledger(Records[Posting], Protocol):
    """The postings, under `ledger.posting_id`; only `usecases.booking.book` inserts."""

    async def listed(self, budget_id: str, request: PageRequest) -> Page[Posting]: ...
    def every(self, budget_id: str) -> AsyncIterator[Posting]:
        """All postings of a budget in the order of their numbers."""
        ...

    async def listed_of_grant(self, grant_id: str, request: PageRequest) -> Page[Posting]: ...
    async def of_grant(self, grant_id: str, tx: Transaction | None = None) -> tuple[Posting, ...]:
        """All postings of a grant, in whatever budget."""
        ...

    async def of_grants(self, grant_ids: Iterable[str]) -> tuple[Posting, ...]:
        """All postings of these grants, those of one in their order."""
        ...

    async def carried_out_of(self, tx: Transaction, budget_id: str) -> tuple[Posting, ...]:
        """What was carried out of a budget into the next one."""
        ...

    async def reversal_of(self, tx: Transaction, budget_id: str, number: int) -> Posting | None: ...


class Rounds(Aggregates[FundingRound], Protocol):
    async def listed(
        self, region: str, fund_id: str, status: RoundStatus | None, request: PageRequest
    ) -> Page[FundingRound]: ...
    async def of_year(self, region: str, year: int) -> tuple[FundingRound, ...]:
        """All rounds of `region` or below it."""
        ...

    async def next_after(self, tx: Transaction, funding_round: FundingRound) -> FundingRound | None:
        """The next round of the same fund and region that is planned or open, where late applications go."""
        ...
