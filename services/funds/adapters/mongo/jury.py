"""Juries in MongoDB."""

from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.domain.jury import Jury


class MongoJuries(StoredAggregates[Jury]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "juries",
            Jury,
            noun="jury",
            derive=lambda jury: {"regions": ancestors(jury.region)},
            indexes=(Index("regions"), Index("fund_id", "region", unique=True, reason="JURY_EXISTS")),
        )

    async def listed(self, region: str, fund_id: str, request: PageRequest) -> Page[Jury]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        return await self.page(filter, request, order="-_id")

    async def of_fund(self, tx: Transaction, fund_id: str, region: str) -> tuple[Jury, ...]:
        return await self.where({"regions": region, "fund_id": fund_id}, tx)
