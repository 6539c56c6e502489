"""What the ledger says of one grant, and whether the grant says the same: nothing is exported that it does not prove."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Account, Posting, PostingKind
from services.funds.domain.refusals.export import GrantDiffers

PAID = (PostingKind.PAY,)


@dataclass(frozen=True, slots=True)
class Disbursement:
    """Money that went to the recipient, or came back (negative), on the day of its value date."""

    posting_id: str
    paid_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ProvenGrant:
    """A grant whose amounts are those of its postings; `disbursements` sum to what was paid less what was refunded."""

    grant: Grant
    disbursements: tuple[Disbursement, ...]

    @property
    def disbursed_cents(self) -> int:
        return sum(one.amount_cents for one in self.disbursements)


def proven(grant: Grant, postings: Iterable[Posting]) -> ProvenGrant:
    """Refuse a grant that differs from its postings, naming what differs by how much."""
    booked = tuple(postings)
    paid = [_disbursement(posting, Account.PAID) for posting in booked if posting.kind in PAID]
    refunded = [
        _disbursement(posting, Account.RECEIVABLE) for posting in booked if posting.kind is PostingKind.REFUND_RECEIVED
    ]
    returned = [
        _disbursement(posting, Account.COMMITTED, -1)
        for posting in booked
        if posting.kind is PostingKind.PAYMENT_RETURNED
    ]
    # What lapses instead of going back to the pot was brought from the year before, or came after the year was closed.
    taken = -sum(_moved(posting, Account.AVAILABLE) + _moved(posting, Account.LAPSED) for posting in booked)
    _require_same(
        grant, "taken from the pot", grant.approved_cents - grant.returned_cents - grant.refunded_cents, taken
    )
    _require_same(grant, "paid", grant.paid_cents, sum(one.amount_cents for one in (*paid, *returned)))
    _require_same(grant, "refunded", grant.refunded_cents, -sum(one.amount_cents for one in refunded))
    return ProvenGrant(grant, tuple(one for one in (*paid, *returned, *refunded) if one.amount_cents))


def _disbursement(posting: Posting, account: Account, sign: int = 1) -> Disbursement:
    return Disbursement(posting.id, posting.value_date, sign * _moved(posting, account))


def _moved(posting: Posting, account: Account) -> int:
    return sum(line.amount_cents for line in posting.lines if line.account is account)


def _require_same(grant: Grant, what: str, kept_cents: int, booked_cents: int) -> None:
    if kept_cents != booked_cents:
        raise GrantDiffers(grant.id, what, kept_cents, booked_cents)
