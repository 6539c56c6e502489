"""Funds, and every version of their rules, in MongoDB."""

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from lor import ancestors
from services.funds.domain.fund import Fund, FundKind, RulesVersion


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


class MongoRulesVersions(StoredRecords[RulesVersion]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "rules_versions", RulesVersion, noun="rules_version", indexes=(Index("fund_id"),))

    async def listed(self, fund_id: str, request: PageRequest) -> Page[RulesVersion]:
        return await self.page({"fund_id": fund_id}, request)
