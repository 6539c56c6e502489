"""Budgets in MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.budget import Budget


class MongoBudgets(StoredAggregates[Budget]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "budgets",
            Budget,
            noun="budget",
            derive=lambda budget: {"regions": ancestors(budget.region)},
            indexes=(
                Index("regions"),
                Index("title_id"),
                Index("fund_id", "region", "year", unique=True, reason="BUDGET_EXISTS"),
            ),
        )

    async def listed(self, region: str, fund_id: str, year: int, request: PageRequest) -> Page[Budget]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        filter |= {"year": year} if year else {}
        return await self.page(filter, request)

    def every(self, region: str) -> AsyncIterator[Budget]:
        return every(lambda request: self.page({"regions": region}, request))

    def of_title(self, title_id: str) -> AsyncIterator[Budget]:
        return every(lambda request: self.page({"title_id": title_id}, request))
