"""Where grants, their claims, payments and receipts are kept."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.funds.domain.claim import Claim
from services.funds.domain.grant import Grant
from services.funds.domain.payment import Payment
from services.funds.domain.payment_file import PaymentFile, PaymentFileContent
from services.funds.domain.receipt import UsedReceipt


class Grants(Aggregates[Grant], Protocol):
    async def listed(
        self,
        region: str,
        request: PageRequest,
        *,
        fund_id: str = "",
        year: int = 0,
        recipient_actor_ids: tuple[str, ...] = (),
    ) -> Page[Grant]:
        """Those at home in `region` or below it, newest first."""
        ...

    async def taken_back(self, tx: Transaction, application_id: str) -> Grant | None:
        """The cancelled grant of an application: decided anew, it is this one that is awarded again."""
        ...

    def every(self, region: str) -> AsyncIterator[Grant]: ...
    async def open_in(self, budget_id: str, request: PageRequest) -> Page[Grant]:
        """Those that are not over and whose money stands in this budget."""
        ...

    async def holding(self, tx: Transaction, budget_id: str) -> tuple[Grant, ...]:
        """The first fifty of these."""
        ...

    def of_year(self, region: str, year: int) -> AsyncIterator[Grant]:
        """All of them, oldest first, read page by page."""
        ...


class Claims(Aggregates[Claim], Protocol):
    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Claim]: ...
    async def all_of(self, tx: Transaction, grant_id: str) -> tuple[Claim, ...]:
        """Every one of them; a grant has a few."""
        ...


class Payments(Aggregates[Payment], Protocol):
    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Payment]: ...
    async def all_of(self, grant_id: str, tx: Transaction | None = None) -> tuple[Payment, ...]: ...
    async def of_grants(self, grant_ids: Iterable[str]) -> tuple[Payment, ...]: ...
    async def awaiting_export(self, tx: Transaction, region: str, fund_id: str) -> tuple[Payment, ...]:
        """Released and in no file yet, at home in `region` or below it, oldest first; at most 500."""
        ...


class PaymentFiles(Aggregates[PaymentFile], Protocol):
    async def listed(self, region: str, request: PageRequest) -> Page[PaymentFile]:
        """Those of `region` or below it, newest first."""
        ...


class PaymentFileContents(Records[PaymentFileContent], Protocol):
    """What was handed out, under `payment_file.content_id`."""


class UsedReceipts(Records[UsedReceipt], Protocol):
    async def has_file(self, file_sha256: str, tx: Transaction) -> bool:
        """Whether a receipt with the very same file was handed in before."""
        ...
