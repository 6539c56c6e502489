"""All that funds says; the catalogue and the schemas are made from this list, one noun a file."""

from chassis.envelope import Published
from services.funds.messages.published.budget import (
    BudgetClosed,
    BudgetCut,
    BudgetFrozen,
    BudgetPlanned,
    BudgetRaised,
    BudgetReleased,
    BudgetThresholdReached,
    BudgetUnfrozen,
    LedgerPosted,
)
from services.funds.messages.published.claim import (
    ClaimAccepted,
    ClaimRefused,
    ClaimSubmitted,
)
from services.funds.messages.published.fund import FundCreated, FundRulesChanged
from services.funds.messages.published.funding_round import (
    RoundCancelled,
    RoundClosed,
    RoundDecided,
    RoundOpened,
    RoundPlanned,
    RoundPublished,
    RoundRescheduled,
)
from services.funds.messages.published.grant import (
    GrantAgreed,
    GrantAwarded,
    GrantCancelled,
    GrantRevoked,
    GrantSettled,
    GrantStarted,
    ProofAccepted,
    ProofDue,
    ProofOverdue,
    ProofQueried,
    ProofSubmitted,
    RefundClaimed,
    RefundReceived,
)
from services.funds.messages.published.payment import (
    PaymentFailed,
    PaymentOrdered,
    PaymentPaid,
    PaymentReleased,
)
from services.funds.messages.published.title import TitlePlanned

PUBLISHED: tuple[type[Published], ...] = (
    TitlePlanned,
    FundCreated,
    FundRulesChanged,
    BudgetPlanned,
    BudgetReleased,
    BudgetFrozen,
    BudgetUnfrozen,
    BudgetCut,
    BudgetRaised,
    BudgetThresholdReached,
    BudgetClosed,
    LedgerPosted,
    RoundPlanned,
    RoundRescheduled,
    RoundOpened,
    RoundClosed,
    RoundDecided,
    RoundPublished,
    RoundCancelled,
    GrantAwarded,
    GrantAgreed,
    GrantStarted,
    ProofDue,
    ProofOverdue,
    ProofSubmitted,
    ProofQueried,
    ProofAccepted,
    RefundClaimed,
    RefundReceived,
    GrantSettled,
    GrantCancelled,
    GrantRevoked,
    ClaimSubmitted,
    ClaimAccepted,
    ClaimRefused,
    PaymentOrdered,
    PaymentReleased,
    PaymentPaid,
    PaymentFailed,
)
