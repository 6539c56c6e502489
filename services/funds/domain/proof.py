"""A proof: what became of the money, goal by goal (Verwendungsnachweis)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funds.domain.receipt import Receipt


class Outcome(StrEnum):
    """How far a goal was reached."""

    REACHED = "reached"
    PARTLY = "partly"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class GoalResult:
    """One goal of the application beside what came of it."""

    goal: str
    outcome: Outcome
    result: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`is_late`: it came after its due day. `accepted_cents` counts once `accepted_at` is set.

    `reopened_reason` says why its acceptance was taken back last.
    """

    report: str
    results: tuple[GoalResult, ...]
    total_costs_cents: int
    receipts: tuple[Receipt, ...]
    submitted_by: str
    submitted_at: datetime
    is_late: bool
    query: str = ""
    queried_by: str = ""
    answer_by: date | None = None
    accepted_cents: int = 0
    accepted_by: str = ""
    accepted_at: datetime | None = None
    reason: str = ""
    reopened_reason: str = ""
    reopened_by: str = ""
    reopened_at: datetime | None = None
