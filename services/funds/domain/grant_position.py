"""Where the money of a grant stands, budget by budget, from nothing but its postings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.funds.domain.ledger import Account, Posting, PostingKind, balances, day_in_year


@dataclass(frozen=True, slots=True)
class GrantPosition:
    """`own_cents` is what the grant took from this budget's pot and has not given back; the rest it brought along.

    `claimed_on` is the value date of what last changed what is owed, other than by paying it: a claim, its withdrawal, a
    refund that did not come in after all, a payment that came back. What is owed is owed since then, what was withdrawn is
    paid again since then, and no day owes or paid less than nothing.
    """

    budget_id: str
    year: int
    own_cents: int
    committed_cents: int
    paid_cents: int
    receivable_cents: int
    refunded_cents: int = 0
    refund_lapsed_cents: int = 0
    claimed_on: date | None = None

    def booked_on(self, day: date) -> date:
        """The value date of what came in on `day`: money that came before it was claimed is booked with the claim."""
        return max(day_in_year(day, self.year), self.claimed_on or date.min)

    def lapsing_cents(self, amount_cents: int) -> int:
        """How much of what comes back lapses: no grant gives a pot more than it took from it."""
        return max(0, amount_cents - self.own_cents)


Part = tuple[GrantPosition, int]


@dataclass(frozen=True, slots=True)
class GrantSums:
    """What was promised, returned, paid, claimed back and refunded in all, over every budget of the grant."""

    promised_cents: int
    returned_cents: int
    paid_cents: int
    refund_claimed_cents: int
    refunded_cents: int


def positions(postings: Iterable[Posting]) -> tuple[GrantPosition, ...]:
    """One for each budget, that of the earliest year first."""
    by_budget: dict[tuple[int, str], list[Posting]] = {}
    for posting in postings:
        by_budget.setdefault((posting.value_date.year, posting.budget_id), []).append(posting)
    return tuple(_position(year, budget_id, own) for (year, budget_id), own in sorted(by_budget.items()))


def sums(postings: Iterable[Posting]) -> GrantSums:
    """By kind: a carried promise is the same promise."""
    moved, no_longer_owed = dict.fromkeys(PostingKind, 0), 0
    for posting in postings:
        if posting.kind is PostingKind.PAYMENT_RETURNED:
            moved[posting.kind] += posting.moves(Account.COMMITTED)
            no_longer_owed -= posting.moves(Account.RECEIVABLE)
        else:
            moved[posting.kind] += sum(max(0, line.amount_cents) for line in posting.lines)
    return GrantSums(
        promised_cents=moved[PostingKind.COMMIT],
        returned_cents=moved[PostingKind.UNCOMMIT],
        paid_cents=moved[PostingKind.PAY] - moved[PostingKind.PAYMENT_RETURNED],
        refund_claimed_cents=moved[PostingKind.REFUND_CLAIMED]
        - moved[PostingKind.REFUND_CLAIM_WITHDRAWN]
        - no_longer_owed,
        refunded_cents=moved[PostingKind.REFUND_RECEIVED] - moved[PostingKind.REFUND_CORRECTED],
    )


def claimed_from(stands: Sequence[GrantPosition], cents: int) -> tuple[Part, ...]:
    """What was paid last was paid too much: the newest budget claims it back first."""
    return _parts(cents, ((p, p.paid_cents) for p in reversed(stands)))


def received_by(stands: Sequence[GrantPosition], cents: int) -> tuple[Part, ...]:
    """What comes in pays the oldest debt first."""
    return _parts(cents, ((p, p.receivable_cents) for p in stands))


def not_received_by(stands: Sequence[GrantPosition], cents: int) -> tuple[Part, ...]:
    """What did not come in after all is owed again where it was booked last."""
    return _parts(cents, ((p, p.refunded_cents) for p in reversed(stands)))


def withdrawn_from(stands: Sequence[GrantPosition], cents: int) -> tuple[Part, ...]:
    """A claim is undone where it stands, in the order in which it was made."""
    return _parts(cents, ((p, p.receivable_cents) for p in reversed(stands)))


def claimed_no_more(stands: Sequence[GrantPosition], budget_id: str, cents: int) -> tuple[Part, ...]:
    """What a bank sent back is owed no more: first to the budget that paid it, then to the newest."""
    others = (p for p in reversed(stands) if p.budget_id != budget_id)
    return _parts(cents, ((p, p.receivable_cents) for p in (*(p for p in stands if p.budget_id == budget_id), *others)))


def _parts(cents: int, held: Iterable[Part]) -> tuple[Part, ...]:
    found, left = [], cents
    for position, holds in held:
        if part := min(left, holds):
            found.append((position, part))
            left -= part
    assert left == 0, "a grant claims back no more than was paid, and receives no more than is owed"
    return tuple(found)


def _position(year: int, budget_id: str, postings: list[Posting]) -> GrantPosition:
    held = balances(postings)
    refunds = balances(p for p in postings if p.kind in (PostingKind.REFUND_RECEIVED, PostingKind.REFUND_CORRECTED))
    return GrantPosition(
        budget_id=budget_id,
        year=year,
        own_cents=-held[Account.AVAILABLE],
        committed_cents=held[Account.COMMITTED],
        paid_cents=held[Account.PAID],
        receivable_cents=held[Account.RECEIVABLE],
        refunded_cents=-refunds[Account.RECEIVABLE],
        refund_lapsed_cents=refunds[Account.LAPSED],
        claimed_on=max((p.value_date for p in postings if _claims(p)), default=None),
    )


def _claims(posting: Posting) -> bool:
    return posting.kind is not PostingKind.REFUND_RECEIVED and posting.moves(Account.RECEIVABLE) != 0
