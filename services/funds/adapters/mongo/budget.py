"""Budgets in MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.budget import Budget, BudgetStatus


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
        return await self.page(_filter(region, fund_id, year), request)

    def every(self, region: str) -> AsyncIterator[Budget]:
        return every(lambda request: self.page({"regions": region}, request))

    def of_title(self, title_id: str) -> AsyncIterator[Budget]:
        return every(lambda request: self.page({"title_id": title_id}, request))

    async def drawing(self, title_id: str, year: int, request: PageRequest) -> Page[Budget]:
        return await self.page({"title_id": title_id, **({"year": year} if year else {})}, request)

    async def following(self, budget: Budget, tx: Transaction) -> Budget | None:
        return await self.one({"fund_id": budget.fund_id, "region": budget.region, "year": budget.year + 1}, tx)

    async def committed_in(self, tx: Transaction, region: str, fund_id: str, year: int) -> tuple[Budget, ...]:
        return await self.where(_filter(region, fund_id, year) | {"committed_cents": {"$gt": 0}}, tx)

    async def open_in(
        self, tx: Transaction, region: str, fund_id: str, year: int, most: int
    ) -> tuple[tuple[Budget, ...], int]:
        open_ones = _filter(region, fund_id, year) | {"status": {"$in": (BudgetStatus.PLANNED, BudgetStatus.RELEASED)}}
        return await self.where(open_ones, tx, most), await self.count(open_ones, tx)


def _filter(region: str, fund_id: str, year: int) -> dict[str, Any]:
    """Of a region and all that lies in it; an empty fund and the year 0 mean every one."""
    return {"regions": region} | ({"fund_id": fund_id} if fund_id else {}) | ({"year": year} if year else {})
