"""What happened to a budget; every movement of money is said by LedgerPosted too."""

from dataclasses import dataclass
from datetime import date

from services.funds.domain.budget import Budget
from services.funds.domain.ledger import Posting, PostingKind, PostingLine


@dataclass(frozen=True, slots=True)
class BudgetPlanned:
    state: Budget


@dataclass(frozen=True, slots=True)
class BudgetReleased:
    state: Budget
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetFrozen:
    state: Budget
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetUnfrozen:
    state: Budget
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetCut:
    state: Budget
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetRaised:
    state: Budget
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetClosed:
    state: Budget


@dataclass(frozen=True, slots=True)
class BudgetThresholdReached:
    state: Budget
    percent: int


@dataclass(frozen=True, slots=True)
class LedgerPosted:
    """A posting as others may know it: without who booked it and why, for that may touch a person."""

    state: Budget
    posting: Posting

    @property
    def number(self) -> int:
        return self.posting.number

    @property
    def kind(self) -> PostingKind:
        return self.posting.kind

    @property
    def value_date(self) -> date:
        return self.posting.value_date

    @property
    def lines(self) -> tuple[PostingLine, ...]:
        return self.posting.lines

    @property
    def grant_id(self) -> str:
        return self.posting.grant_id

    @property
    def reverses(self) -> int:
        return self.posting.reverses

    @property
    def counterpart_budget_id(self) -> str:
        return self.posting.counterpart_budget_id

    @property
    def counterpart_number(self) -> int:
        return self.posting.counterpart_number
