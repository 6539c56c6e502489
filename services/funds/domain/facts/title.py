"""What happened to a budget title."""

from dataclasses import dataclass

from services.funds.domain.title import BudgetTitle


@dataclass(frozen=True, slots=True)
class TitlePlanned:
    state: BudgetTitle


@dataclass(frozen=True, slots=True)
class TitleRevised:
    state: BudgetTitle
    year: int
    previous_cents: int
