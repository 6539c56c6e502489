"""The ledger of a budget: postings whose lines sum to zero, numbered without a gap, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Account(StrEnum):
    """Where the money of a budget stands.

    The balances of TITLE and BROUGHT are negative: what was drawn from the title, and what the year before handed on.
    """

    TITLE = "title"
    AVAILABLE = "available"
    BLOCKED = "blocked"
    COMMITTED = "committed"
    PAID = "paid"
    CARRIED = "carried"
    RECEIVABLE = "receivable"
    LAPSED = "lapsed"
    BROUGHT = "brought"


# Where money comes from: their balances are never above zero, all others never below.
SOURCES = (Account.TITLE, Account.BROUGHT)


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
    CARRY_FORWARD = "carry_forward"
    BRING_FORWARD = "bring_forward"
    REFUND_CORRECTED = "refund_corrected"
    REFUND_CLAIM_WITHDRAWN = "refund_claim_withdrawn"


# What was paid in a year may come back after its end; what is promised again then is handed on in the same transaction.
AFTER_CLOSE = (
    PostingKind.PAYMENT_RETURNED,
    PostingKind.REFUND_CLAIMED,
    PostingKind.REFUND_RECEIVED,
    PostingKind.REFUND_CORRECTED,
    PostingKind.REFUND_CLAIM_WITHDRAWN,
    PostingKind.CARRY_FORWARD,
    PostingKind.BRING_FORWARD,
)


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
    moved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement (Buchung). `id` is the budget's id and the number, so that no number can be given twice.

    What is carried into the next year is two postings, one in each budget: each names the other as its counterpart.
    `moved_on` is the day on which a bank moved the money, where one did: the value date is the nearest that the books allow.
    """

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
    counterpart_budget_id: str = ""
    counterpart_number: int = 0
    moved_on: date | None = None

    @property
    def counterpart_id(self) -> str:
        return posting_id(self.counterpart_budget_id, self.counterpart_number) if self.counterpart_budget_id else ""

    @property
    def is_carrying(self) -> bool:
        """One half of what went from a year into the next."""
        return self.kind in (PostingKind.CARRY_FORWARD, PostingKind.BRING_FORWARD) or bool(self.counterpart_id)

    @property
    def is_undoing(self) -> bool:
        return self.kind is PostingKind.REVERSAL or self.reverses > 0

    def undoes(self, original: "Posting") -> bool:
        """Whether this is the reversal of `original`: each account gets back what it lost."""
        by_account = balances([original, self])
        may_be = original.kind is not PostingKind.REVERSAL and not original.grant_id
        return self.kind is PostingKind.REVERSAL and may_be and not any(by_account.values())

    def moves(self, account: Account) -> int:
        """What this account gains or loses by it, in cents."""
        return sum(line.amount_cents for line in self.lines if line.account is account)


def day_in_year(day: date, year: int) -> date:
    """`day`, or the nearest one of the year: money that moves after its end is booked on its last day."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def posting_id(budget_id: str, number: int) -> str:
    """Ids sort as their numbers do."""
    return f"{budget_id}/{number:08d}"


def split(source: Account, parts: Mapping[Account, int]) -> tuple[PostingLine, ...]:
    """The lines of a movement from one account to several; a part of nothing has no line."""
    gains = tuple(PostingLine(account, cents) for account, cents in parts.items() if cents)
    return (PostingLine(source, -sum(parts.values())), *gains)


def balances(postings: Iterable[Posting]) -> dict[Account, int]:
    """Every account's balance in cents, from nothing but the postings."""
    totals = dict.fromkeys(Account, 0)
    for posting in postings:
        for line in posting.lines:
            totals[line.account] += line.amount_cents
    return totals
