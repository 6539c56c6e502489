"""What happened in funds: every fact, named in the past, one noun a file."""

from services.funds.domain.facts.budget import (
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
from services.funds.domain.facts.fund import FundCreated, FundRulesChanged
from services.funds.domain.facts.funding_round import (
    RoundCancelled,
    RoundClosed,
    RoundDecided,
    RoundOpened,
    RoundPlanned,
    RoundPublished,
    RoundRescheduled,
)
from services.funds.domain.facts.title import TitlePlanned

__all__ = [
    "BudgetClosed",
    "BudgetCut",
    "BudgetFrozen",
    "BudgetPlanned",
    "BudgetRaised",
    "BudgetReleased",
    "BudgetThresholdReached",
    "BudgetUnfrozen",
    "FundCreated",
    "FundRulesChanged",
    "LedgerPosted",
    "RoundCancelled",
    "RoundClosed",
    "RoundDecided",
    "RoundOpened",
    "RoundPlanned",
    "RoundPublished",
    "RoundRescheduled",
    "TitlePlanned",
]
