"""What happened to a budget title."""

from dataclasses import dataclass

from services.funds.domain.title import BudgetTitle


@dataclass(frozen=True, slots=True)
class TitlePlanned:
    state: BudgetTitle
