"""Where grants, their claims, payments and receipts are kept."""

from collections.abc import AsyncIterator
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.funds.domain.claim import Claim
from services.funds.domain.grant import Grant
from services.funds.domain.payment import Payment
from services.funds.domain.receipt import UsedReceipt


class Grants(Aggregates[Grant], Protocol):
    async def listed(
        self, region: str, request: PageRequest, *, fund_id: str = "", year: int = 0, recipient_actor_id: str = ""
    ) -> Page[Grant]:
        """Those at home in `region` or below it, newest first."""
        ...

    def every(self, region: str) -> AsyncIterator[Grant]: ...
    async def open_in(self, budget_id: str, request: PageRequest) -> Page[Grant]:
        """Those that are not over and whose money stands in this budget."""
        ...

    async def holding(self, tx: Transaction, budget_id: str) -> tuple[Grant, ...]:
        """The first fifty of these."""
        ...


class Claims(Aggregates[Claim], Protocol):
    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Claim]: ...


class Payments(Aggregates[Payment], Protocol):
    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Payment]: ...


class UsedReceipts(Records[UsedReceipt], Protocol):
    async def has_file(self, file_sha256: str, tx: Transaction) -> bool:
        """Whether a receipt with the very same file was handed in before."""
        ...
