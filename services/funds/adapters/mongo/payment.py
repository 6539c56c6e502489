"""Payments in MongoDB."""

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from services.funds.domain.payment import Payment


class MongoPayments(StoredAggregates[Payment]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "payments", Payment, noun="payment", indexes=(Index("grant_id"),))

    async def of_grant(self, grant_id: str, request: PageRequest) -> Page[Payment]:
        return await self.page({"grant_id": grant_id}, request)
