"""The ledger in MongoDB: rows are only ever inserted."""

from collections.abc import AsyncIterator, Iterable

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredRecords
from services.funds.adapters.mongo.paging import every
from services.funds.domain.ledger import Posting, PostingKind

# Far more than one grant, or what one year carries, ever has.
MOST = 100_000


class MongoLedger(StoredRecords[Posting]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "postings", Posting, noun="posting", indexes=(Index("budget_id"), Index("grant_id")))

    async def listed(self, budget_id: str, request: PageRequest) -> Page[Posting]:
        return await self.page({"budget_id": budget_id}, request)

    def every(self, budget_id: str) -> AsyncIterator[Posting]:
        return every(lambda request: self.page({"budget_id": budget_id}, request))

    async def listed_of_grant(self, grant_id: str, request: PageRequest) -> Page[Posting]:
        return await self.page({"grant_id": grant_id}, request)

    async def of_grant(self, grant_id: str, tx: Transaction | None = None) -> tuple[Posting, ...]:
        return await self.where({"grant_id": grant_id}, tx, MOST)

    async def of_grants(self, grant_ids: Iterable[str]) -> tuple[Posting, ...]:
        return await self.all_where({"grant_id": {"$in": list(grant_ids)}})

    async def carried_out_of(self, tx: Transaction, budget_id: str) -> tuple[Posting, ...]:
        return await self.where({"budget_id": budget_id, "kind": PostingKind.CARRY_FORWARD}, tx, MOST)

    async def reversal_of(self, tx: Transaction, budget_id: str, number: int) -> Posting | None:
        return await self.one({"budget_id": budget_id, "reverses": number}, tx)
