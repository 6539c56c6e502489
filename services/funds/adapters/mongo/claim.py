"""Claims, and the book of receipts, in MongoDB."""

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from services.funds.domain.claim import Claim
from services.funds.domain.receipt import UsedReceipt


class MongoClaims(StoredAggregates[Claim]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "claims", Claim, noun="claim", indexes=(Index("grant_id"),))

    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Claim]:
        return await self.page({"grant_id": grant_id}, request)

    async def all_of(self, tx: Transaction, grant_id: str) -> tuple[Claim, ...]:
        return await self.all_where({"grant_id": grant_id}, tx)


class MongoUsedReceipts(StoredRecords[UsedReceipt]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "used_receipts", UsedReceipt, noun="used_receipt", indexes=(Index("file_sha256"),))

    async def has_file(self, file_sha256: str, tx: Transaction) -> bool:
        return await self.one({"file_sha256": file_sha256}, tx) is not None
