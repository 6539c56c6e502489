"""What the ledger says of one grant, and whether the grant says the same: nothing is exported that it does not prove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.ports import end_of_day
from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Account, Posting, PostingKind
from services.funds.domain.refusals.export import GrantDiffers


@dataclass(frozen=True, slots=True)
class Disbursement:
    """Money that went to the recipient, or came back (negative), on the day on which a bank moved it.

    A positive one `of_refund` takes back what was booked and did not come.
    """

    posting_id: str
    paid_on: date
    amount_cents: int
    of_refund: bool = False


@dataclass(frozen=True, slots=True)
class Commitment:
    """Money that was promised to the recipient, or promised no more (negative), on the day of its value date."""

    posting_id: str
    promised_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ProvenGrant:
    """A grant whose amounts are those of its postings; `disbursements` sum to what was paid less what was refunded.

    `commitments` sum to what is approved. `booked_at` is when the last of its postings was recorded, `applied_on` the day on
    which the application came, where that may be told.
    """

    grant: Grant
    disbursements: tuple[Disbursement, ...]
    commitments: tuple[Commitment, ...]
    booked_at: datetime
    applied_on: date | None = None

    @property
    def disbursed_cents(self) -> int:
        return sum(one.amount_cents for one in self.disbursements)


def proven(grant: Grant, postings: Iterable[Posting]) -> ProvenGrant:
    """Refuse a grant that differs from its postings, naming what differs by how much."""
    booked = tuple(postings)
    paid = [Disbursement(one.id, one.moved_on or one.value_date, _paid(one)) for one in booked if _paid(one)]
    back = [
        Disbursement(one.id, one.moved_on or one.value_date, _refunded(one), of_refund=True)
        for one in booked
        if _refunded(one)
    ]
    # What comes back after the end of the pot's year lapses there.
    taken = -sum(_moved(one, Account.AVAILABLE) + _moved(one, Account.LAPSED) for one in booked)
    _require_same(
        grant, "taken from the pot", grant.approved_cents - grant.returned_cents - grant.refunded_cents, taken
    )
    _require_same(grant, "paid", grant.paid_cents, sum(one.amount_cents for one in paid))
    _require_same(grant, "refunded", grant.refunded_cents, -sum(one.amount_cents for one in back))
    booked_at = max((one.recorded_at for one in booked), default=end_of_day(grant.decided_on))
    return ProvenGrant(grant, (*paid, *back), _commitments(booked, grant.returned_cents), booked_at)


def _commitments(booked: Sequence[Posting], returned_cents: int) -> tuple[Commitment, ...]:
    """What awards and revisions promised; what a grant gave back at its end, the last of it, was awarded all the same."""
    found: list[Commitment] = []
    for one in reversed(booked):
        if one.kind not in (PostingKind.COMMIT, PostingKind.UNCOMMIT):
            continue
        cents = one.moves(Account.COMMITTED)
        given_back = min(returned_cents, max(0, -cents))
        returned_cents -= given_back
        if cents + given_back:
            found.append(Commitment(one.id, one.value_date, cents + given_back))
    return tuple(reversed(found))


def _paid(posting: Posting) -> int:
    """What left for the recipient; negative when the bank sent it back, also where it was claimed back meanwhile."""
    outside = _moved(posting, Account.PAID) or _moved(posting, Account.RECEIVABLE)
    return -_moved(posting, Account.COMMITTED) if outside else 0


def _refunded(posting: Posting) -> int:
    """What the recipient paid back, negative: it was owed, and is owed no more."""
    if _moved(posting, Account.PAID) or _moved(posting, Account.COMMITTED):
        return 0
    return _moved(posting, Account.RECEIVABLE)


def _moved(posting: Posting, account: Account) -> int:
    return sum(line.amount_cents for line in posting.lines if line.account is account)


def _require_same(grant: Grant, what: str, kept_cents: int, booked_cents: int) -> None:
    if kept_cents != booked_cents:
        raise GrantDiffers(grant.id, what, kept_cents, booked_cents)
