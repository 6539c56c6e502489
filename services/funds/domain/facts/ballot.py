"""What happened to a ballot."""

from dataclasses import dataclass

from services.funds.domain.ballot import Ballot
from services.funds.domain.ballot_result import BallotResult


@dataclass(frozen=True, slots=True)
class BallotOpened:
    state: Ballot


@dataclass(frozen=True, slots=True)
class BallotClosed:
    state: Ballot


@dataclass(frozen=True, slots=True)
class BallotResultPublished:
    state: Ballot
    result: BallotResult
    lot_seed: str


@dataclass(frozen=True, slots=True)
class BallotCancelled:
    state: Ballot
    reason: str
