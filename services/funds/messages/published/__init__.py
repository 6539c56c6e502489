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
)
