"""What happens to a claim; `state` is the claim after it."""

from dataclasses import dataclass

from services.funds.domain.claim import Claim


@dataclass(frozen=True, slots=True)
class ClaimSubmitted:
    state: Claim


@dataclass(frozen=True, slots=True)
class ClaimAccepted:
    state: Claim


@dataclass(frozen=True, slots=True)
class ClaimRefused:
    state: Claim
