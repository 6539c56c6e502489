"""Rounds in MongoDB."""

from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.funding_round import FundingRound, RoundStatus


class MongoRounds(StoredAggregates[FundingRound]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "rounds",
            FundingRound,
            noun="round",
            derive=lambda funding_round: {"regions": ancestors(funding_round.region)},
            indexes=(Index("regions"), Index("fund_id")),
        )

    async def listed(
        self, region: str, fund_id: str, status: RoundStatus | None, request: PageRequest
    ) -> Page[FundingRound]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        filter |= {"status": status} if status else {}
        return await self.page(filter, request, order="-_id")

    async def of_year(self, region: str, year: int) -> tuple[FundingRound, ...]:
        filter = {"regions": region, "year": year}
        return tuple([one async for one in every(lambda request: self.page(filter, request))])

    async def next_after(self, tx: Transaction, funding_round: FundingRound) -> FundingRound | None:
        rounds = await self.where({"fund_id": funding_round.fund_id, "region": funding_round.region}, tx)
        later = [
            r
            for r in rounds
            if r.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and r.closes_at > max(funding_round.closes_at, tx.at)
        ]
        return min(later, key=lambda r: (r.closes_at, r.id), default=None)
