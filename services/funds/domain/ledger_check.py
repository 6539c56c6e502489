"""Proving the ledger: everything recomputed from the postings alone, and every difference named."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.funds.domain.budget import Budget, BudgetStatus
from services.funds.domain.carrying import match
from services.funds.domain.grant import Grant
from services.funds.domain.grant_position import positions, sums
from services.funds.domain.ledger import SOURCES, Account, Posting
from services.funds.domain.payment import IN_FLIGHT, Payment, PaymentStatus
from services.funds.domain.title import BudgetTitle

EMPTY_WHEN_CLOSED = (Account.AVAILABLE, Account.BLOCKED, Account.COMMITTED)


@dataclass(frozen=True, slots=True)
class Difference:
    """`of_id` is the budget's, the title's or the grant's; `kept` is what stands there, `computed` what should."""

    of_id: str
    what: str
    kept: int
    computed: int


class BudgetCheck:
    """Takes all postings of a budget in the order of their numbers, one by one, and keeps none of them."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self._found = budget, list[Difference]()
        self._held = dict.fromkeys(Account, 0)
        self._reversals: dict[int, int] = {}
        self.postings = 0

    def add(self, posting: Posting) -> None:
        self.postings += 1
        for line in posting.lines:
            self._held[line.account] += line.amount_cents
        if posting.number != self.postings:
            self._differs(f"number at place {self.postings}", posting.number, self.postings)
        if total := sum(line.amount_cents for line in posting.lines):
            self._differs(f"sum of posting {posting.number}", total, 0)
        if posting.value_date.year != self._budget.year:
            what = f"year of the value date of posting {posting.number}"
            self._differs(what, posting.value_date.year, self._budget.year)

    def carried(self, posting: Posting, counterpart: Posting | None) -> None:
        """Hold a posting that names a counterpart against it."""
        if not match(posting, counterpart):
            there = counterpart.number if counterpart else 0
            self._differs(f"counterpart of posting {posting.number}", posting.counterpart_number, there)

    def reversed(self, posting: Posting, original: Posting | None) -> None:
        """Hold a posting that undoes another against it: its opposite, and the only one."""
        if original is None or not posting.undoes(original):
            self._differs(f"reversal of posting {posting.reverses}", posting.number, 0)
        first = self._reversals.setdefault(posting.reverses, posting.number)
        if first != posting.number:
            self._differs(f"second reversal of posting {posting.reverses}", posting.number, first)

    def without_grant(self, posting: Posting) -> None:
        self._differs(f"grant of posting {posting.number}", posting.number, 0)

    def differences(self) -> tuple[Difference, ...]:
        if self.postings != self._budget.postings:
            self._differs("postings", self._budget.postings, self.postings)
        for account, computed in self._held.items():
            kept = self._budget.balance_cents(account)
            if kept != computed:
                self._differs(f"balance of {account}", kept, computed)
            if account in SOURCES and computed > 0:
                self._differs(f"balance of {account} above zero", computed, 0)
            if account not in SOURCES and computed < 0:
                self._differs(f"balance of {account} below zero", computed, 0)
            if account in EMPTY_WHEN_CLOSED and computed and self._budget.status is BudgetStatus.CLOSED:
                self._differs(f"balance of {account} of a closed year", computed, 0)
        return tuple(self._found)

    def _differs(self, what: str, kept: int, computed: int) -> None:
        self._found.append(Difference(self._budget.id, what, kept, computed))


class TitleCheck:
    """Takes all budgets that draw from a title, one by one."""

    def __init__(self, title: BudgetTitle) -> None:
        self._title = title
        self._drawn = dict.fromkeys((y.year for y in title.years), 0)

    def add(self, budget: Budget) -> None:
        self._drawn[budget.year] = self._drawn.get(budget.year, 0) + budget.released_cents

    def differences(self) -> tuple[Difference, ...]:
        found: list[Difference] = []
        title, others = self._title, dict(self._drawn)
        for of_year in title.years:
            computed = others.pop(of_year.year)
            if of_year.released_cents != computed:
                found.append(Difference(title.id, f"released in {of_year.year}", of_year.released_cents, computed))
            if computed > of_year.total_cents:
                found.append(Difference(title.id, f"total of {of_year.year}", of_year.total_cents, computed))
        found.extend(Difference(title.id, f"released in {year}", 0, cents) for year, cents in others.items() if cents)
        return tuple(found)


def check_grant(grant: Grant, postings: Iterable[Posting]) -> tuple[Difference, ...]:
    """`postings` are all of the grant, in whatever budget."""
    of_grant = tuple(postings)
    found, stands = sums(of_grant), positions(of_grant)
    here = sum(p.committed_cents for p in stands if p.budget_id == grant.budget_id)
    owed = grant.refund_claimed_cents - grant.refunded_cents
    looks = (
        # An award may be lessened, or taken back and made anew: what counts is what is left of its promises.
        ("promised", grant.approved_cents - grant.returned_cents, found.promised_cents - found.returned_cents),
        ("paid", grant.paid_cents, found.paid_cents),
        ("claimed back", grant.refund_claimed_cents, found.refund_claimed_cents),
        ("refunded", grant.refunded_cents, found.refunded_cents),
        ("committed", grant.approved_cents - grant.paid_cents - grant.returned_cents, here),
        ("committed in another budget", 0, sum(p.committed_cents for p in stands) - here),
        ("paid and not claimed back", grant.paid_cents - grant.refund_claimed_cents, sum(p.paid_cents for p in stands)),
        ("owed", owed, sum(p.receivable_cents for p in stands)),
    )
    named = (Difference(grant.id, what, kept, computed) for what, kept, computed in looks if kept != computed)
    below = (Difference(grant.id, f"{what} below zero", kept, 0) for what, kept, _ in looks if kept < 0)
    return (*named, *below)


def check_payments(grant: Grant, payments: Iterable[Payment]) -> tuple[Difference, ...]:
    """`payments` are all of the grant: what was paid, and what is on its way."""
    sums = dict.fromkeys(PaymentStatus, 0)
    for payment in payments:
        sums[payment.status] += payment.amount_cents
    looks = (
        ("paid by its payments", grant.paid_cents, sums[PaymentStatus.PAID]),
        ("in flight by its payments", grant.in_flight_cents, sum(sums[status] for status in IN_FLIGHT)),
    )
    return tuple(Difference(grant.id, what, kept, computed) for what, kept, computed in looks if kept != computed)
