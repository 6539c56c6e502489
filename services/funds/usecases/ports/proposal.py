"""Where proposals are kept."""

from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest
from services.funds.domain.proposal import Proposal, ProposalStatus, ProposalWay


class Proposals(Aggregates[Proposal], Protocol):
    async def listed(
        self, region: str, status: ProposalStatus | None, way: ProposalWay | None, request: PageRequest
    ) -> Page[Proposal]:
        """Those at home in `region` or below it, newest first."""
        ...

    async def proposed_by(self, sub: str, request: PageRequest) -> Page[Proposal]:
        """Those that this `sub` handed in online, newest first."""
        ...
