"""Payments and payment files in MongoDB."""

from collections.abc import Iterable
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from lor import ancestors
from services.funds.domain.payment import Payment, PaymentStatus
from services.funds.domain.payment_file import PaymentFile, PaymentFileContent

# Far more than one grant ever has.
MOST = 100_000


def _awaiting(payment: Payment) -> dict[str, Any]:
    """Only what waits for the bank is found by its regions: never more rows than an export has to look at."""
    waits = payment.status is PaymentStatus.RELEASED
    return {"export_regions": ancestors(payment.region) if waits else ()}


class MongoPayments(StoredAggregates[Payment]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "payments",
            Payment,
            noun="payment",
            derive=_awaiting,
            indexes=(Index("grant_id"), Index("export_regions")),
        )

    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Payment]:
        return await self.page({"grant_id": grant_id}, request)

    async def all_of(self, grant_id: str, tx: Transaction | None = None) -> tuple[Payment, ...]:
        return await self.where({"grant_id": grant_id}, tx, MOST)

    async def of_grants(self, grant_ids: Iterable[str]) -> tuple[Payment, ...]:
        return await self.all_where({"grant_id": {"$in": list(grant_ids)}})

    async def awaiting_export(self, tx: Transaction, region: str, fund_id: str) -> tuple[Payment, ...]:
        return await self.where({"export_regions": region, **({"fund_id": fund_id} if fund_id else {})}, tx)


class MongoPaymentFiles(StoredAggregates[PaymentFile]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "payment_files",
            PaymentFile,
            noun="payment_file",
            derive=lambda file: {"regions": ancestors(file.region)},
            indexes=(Index("regions"),),
        )

    async def listed(self, region: str, request: PageRequest) -> Page[PaymentFile]:
        return await self.page({"regions": region}, request, order="-_id")


class MongoPaymentFileContents(StoredRecords[PaymentFileContent]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "payment_file_contents", PaymentFileContent, noun="payment_file_content")
