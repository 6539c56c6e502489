"""What happened to a proposal."""

from dataclasses import dataclass

from services.funds.domain.proposal import Proposal


@dataclass(frozen=True, slots=True)
class ProposalSubmitted:
    state: Proposal


@dataclass(frozen=True, slots=True)
class ProposalStatusChanged:
    """One more step of the public course; a rewording and a merged duplicate are steps, too."""

    state: Proposal
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalAnswered:
    """Who proposed it is to be told of this step."""

    state: Proposal
    reason: str
