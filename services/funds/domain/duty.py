"""A duty: what the recipient of a grant owes by which day, for whoever looks after it (Frist)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus


class DutyKind(StrEnum):
    PROOF = "proof"
    PROOF_ANSWER = "proof_answer"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Duty:
    """`amount_cents` is what is owed, 0 where it is no money; `is_overdue` once its day has passed."""

    kind: DutyKind
    due_on: date
    is_overdue: bool
    amount_cents: int = 0


def duties(grant: Grant, today: date) -> tuple[Duty, ...]:
    """All of them, the most urgent one first."""
    owed: list[Duty] = []
    if (due := grant.proof_due_on) and grant.status in (*UNDER_WAY, GrantStatus.PROOF_QUERIED, GrantStatus.OVERDUE):
        kind = DutyKind.PROOF_ANSWER if grant.proof is not None else DutyKind.PROOF
        owed.append(Duty(kind, due, due < today))
    if (due := grant.refund_due_on) and grant.refund_due_cents:
        owed.append(Duty(DutyKind.REFUND, due, due < today, grant.refund_due_cents))
    return tuple(sorted(owed, key=lambda duty: duty.due_on))
