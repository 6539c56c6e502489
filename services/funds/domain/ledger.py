"""The ledger of a budget: postings whose lines sum to zero, numbered without a gap, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Account(StrEnum):
    """Where the money of a budget stands. The balance of TITLE is negative: what was drawn from the title."""

    TITLE = "title"
    AVAILABLE = "available"
    BLOCKED = "blocked"
    COMMITTED = "committed"
    PAID = "paid"
    CARRIED = "carried"
    RECEIVABLE = "receivable"
    LAPSED = "lapsed"


class PostingKind(StrEnum):
    """Why money moved."""

    RELEASE = "release"
    RAISE = "raise"
    CUT = "cut"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    COMMIT = "commit"
    UNCOMMIT = "uncommit"
    PAY = "pay"
    PAYMENT_RETURNED = "payment_returned"
    REFUND_CLAIMED = "refund_claimed"
    REFUND_RECEIVED = "refund_received"
    LAPSE = "lapse"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class PostingLine:
    """What one account gains (positive) or loses (negative), in cents."""

    account: Account
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who books, when, for which day (Wertstellung), and why; made by `usecases.booking.stamp`."""

    at: datetime
    value_date: date
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement (Buchung). `id` is the budget's id and the number, so that no number can be given twice."""

    id: str
    budget_id: str
    region: str
    number: int
    kind: PostingKind
    lines: tuple[PostingLine, ...]
    value_date: date
    recorded_at: datetime
    by: str
    grant_id: str = ""
    reverses: int = 0
    reason: str = ""


def posting_id(budget_id: str, number: int) -> str:
    """Ids sort as their numbers do."""
    return f"{budget_id}/{number:08d}"


def moved(source: Account, target: Account, amount_cents: int) -> tuple[PostingLine, ...]:
    """The lines of a plain movement."""
    return (PostingLine(source, -amount_cents), PostingLine(target, amount_cents))


def balances(postings: Iterable[Posting]) -> dict[Account, int]:
    """Every account's balance in cents, from nothing but the postings."""
    totals = dict.fromkeys(Account, 0)
    for posting in postings:
        for line in posting.lines:
            totals[line.account] += line.amount_cents
    return totals
