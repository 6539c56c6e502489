"""Grants, with their proofs inside, in MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.grant import OVER, Grant, GrantStatus


class MongoGrants(StoredAggregates[Grant]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "grants",
            Grant,
            noun="grant",
            derive=lambda grant: {"regions": ancestors(grant.region)},
            indexes=(
                Index("regions"),
                Index("recipient_actor_id"),
                Index("budget_id"),
                Index("application_id", unique=True, reason="APPLICATION_HAS_GRANT"),
            ),
        )

    async def taken_back(self, tx: Transaction, application_id: str) -> Grant | None:
        return await self.one({"application_id": application_id, "status": GrantStatus.CANCELLED}, tx)

    async def listed(
        self,
        region: str,
        request: PageRequest,
        *,
        fund_id: str = "",
        year: int = 0,
        recipient_actor_ids: tuple[str, ...] = (),
    ) -> Page[Grant]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        filter |= {"year": year} if year else {}
        filter |= {"recipient_actor_id": {"$in": recipient_actor_ids}} if recipient_actor_ids else {}
        return await self.page(filter, request, order="-_id")

    def of_year(self, region: str, year: int) -> AsyncIterator[Grant]:
        return every(lambda request: self.page({"regions": region, "year": year}, request))

    def every(self, region: str) -> AsyncIterator[Grant]:
        return every(lambda request: self.page({"regions": region}, request))

    async def open_in(self, budget_id: str, request: PageRequest) -> Page[Grant]:
        return await self.page(_open_in(budget_id), request)

    async def holding(self, tx: Transaction, budget_id: str) -> tuple[Grant, ...]:
        return await self.where(_open_in(budget_id), tx, 50)


def _open_in(budget_id: str) -> dict[str, Any]:
    return {"budget_id": budget_id, "status": {"$nin": list(OVER)}}
