"""Funds in MongoDB."""

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.domain.fund import Fund, FundKind


class MongoFunds(StoredAggregates[Fund]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "funds",
            Fund,
            noun="fund",
            derive=lambda fund: {"regions": ancestors(fund.region)},
            indexes=(Index("regions"),),
        )

    async def listed(self, region: str, kind: FundKind | None, request: PageRequest) -> Page[Fund]:
        return await self.page({"regions": region, **({"kind": kind} if kind else {})}, request)
