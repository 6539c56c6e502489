"""What happened to a round."""

from dataclasses import dataclass

from services.funds.domain.funding_round import FundingRound


@dataclass(frozen=True, slots=True)
class RoundPlanned:
    state: FundingRound


@dataclass(frozen=True, slots=True)
class RoundRescheduled:
    state: FundingRound


@dataclass(frozen=True, slots=True)
class RoundOpened:
    """`reason` says why the office opened it again; empty at the first opening."""

    state: FundingRound
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoundClosed:
    state: FundingRound


@dataclass(frozen=True, slots=True)
class RoundDecided:
    state: FundingRound


@dataclass(frozen=True, slots=True)
class RoundPublished:
    state: FundingRound


@dataclass(frozen=True, slots=True)
class RoundCancelled:
    state: FundingRound
    reason: str
