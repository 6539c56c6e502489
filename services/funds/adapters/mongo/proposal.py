"""Proposals in MongoDB."""

from typing import Any

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.domain.proposal import Proposal, ProposalStatus, ProposalWay


class MongoProposals(StoredAggregates[Proposal]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "proposals",
            Proposal,
            noun="proposal",
            derive=lambda proposal: {"regions": ancestors(proposal.region)},
            indexes=(Index("regions"), Index("proposer_sub")),
        )

    async def listed(
        self, region: str, status: ProposalStatus | None, way: ProposalWay | None, request: PageRequest
    ) -> Page[Proposal]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"status": status} if status else {}
        filter |= {"way": way} if way else {}
        return await self.page(filter, request, order="-_id")

    async def proposed_by(self, sub: str, request: PageRequest) -> Page[Proposal]:
        return await self.page({"proposer_sub": sub}, request, order="-_id")
