"""What happens to a grant; `state` is the grant after it, where everyone may hear of it and it is under way its public form."""

from dataclasses import dataclass
from datetime import date

from services.funds.domain.grant import Grant


@dataclass(frozen=True, slots=True)
class GrantAwarded:
    state: Grant


@dataclass(frozen=True, slots=True)
class GrantRevised:
    state: Grant
    previous_cents: int


@dataclass(frozen=True, slots=True)
class GrantAgreed:
    state: Grant


@dataclass(frozen=True, slots=True)
class GrantStarted:
    state: Grant


@dataclass(frozen=True, slots=True)
class ProofDue:
    state: Grant


@dataclass(frozen=True, slots=True)
class ProofOverdue:
    state: Grant


@dataclass(frozen=True, slots=True)
class ProofSubmitted:
    state: Grant
    total_costs_cents: int


@dataclass(frozen=True, slots=True)
class ProofQueried:
    state: Grant
    answer_by: date


@dataclass(frozen=True, slots=True)
class ProofAccepted:
    state: Grant


@dataclass(frozen=True, slots=True)
class ProofReopened:
    state: Grant


@dataclass(frozen=True, slots=True)
class RefundClaimed:
    state: Grant
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RefundReceived:
    state: Grant
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RefundCorrected:
    state: Grant
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RefundOverdue:
    state: Grant
    amount_cents: int


@dataclass(frozen=True, slots=True)
class GrantSettled:
    state: Grant


@dataclass(frozen=True, slots=True)
class GrantReopened:
    state: Grant
    amount_cents: int


@dataclass(frozen=True, slots=True)
class GrantCancelled:
    state: Grant


@dataclass(frozen=True, slots=True)
class GrantRevoked:
    state: Grant


@dataclass(frozen=True, slots=True)
class GrantCarried:
    state: Grant
    amount_cents: int
    from_budget_id: str


@dataclass(frozen=True, slots=True)
class GrantContinued:
    state: Grant
    amount_cents: int
