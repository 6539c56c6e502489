"""The payments of a grant, and each step that people may try on one of them, by chance."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from chassis.ports import new_id
from chassis.refusals import Refusal
from services.funds.domain.claim import Claim
from services.funds.domain.grant import Grant
from services.funds.domain.payment import Payment, PaymentStatus
from tests.support.funds import Books, a_stamp
from tests.support.funds_grant import a_person
from tests.support.funds_pencil import Pot

STAMP = a_stamp()
MOVING = (PaymentStatus.ORDERED, PaymentStatus.RELEASED, PaymentStatus.EXPORTED)
CENTS = st.integers(1, 60_000)
WHO = st.sampled_from(("clerk", "treasurer", "clerk", "treasurer", "third", "member-1", "applicant")).map(a_person)


def attempt(step: Callable[[], Any]) -> Any:
    """What the step answers, or None where a rule says no: then nothing has changed."""
    try:
        return step()
    except Refusal:
        return None


def first(filed: Sequence[Claim | Payment], *statuses: str) -> int | None:
    return next((n for n, one in enumerate(filed) if one.status in statuses), None)


class LivedPayments(RuleBasedStateMachine):
    """What was ordered of one grant, its books, and the pencil beside them."""

    grant: Grant
    books: Books
    pot: Pot
    at: datetime
    payments: list[Payment]
    in_files: list[str]

    @precondition(lambda self: self.grant.payable_cents > 0)
    @rule(cents=CENTS, who=WHO, all_of_it=st.booleans())
    def order(self, cents: int, who: Any, all_of_it: bool) -> None:
        wanted = self.grant.payable_cents or cents if all_of_it else cents
        done = attempt(lambda: Payment.order(self.grant, new_id(), wanted, who, self.at))
        if done:
            self.grant, payment = done
            self.payments.append(payment)

    def on_payment(self, take: Callable[[Payment], Any], *statuses: PaymentStatus) -> Payment | None:
        """Take a step with the first payment in one of these statuses; the payment after it, if it was allowed."""
        number = first(self.payments, *statuses)
        if number is None or (done := attempt(lambda: take(self.payments[number]))) is None:
            return None
        self.grant, self.payments[number] = done
        return self.payments[number]

    @precondition(lambda self: self.grant.payable_cents > 0)
    @rule(cents=CENTS, all_of_it=st.booleans())
    def pay(self, cents: int, all_of_it: bool) -> None:
        """The usual way, without a slip."""
        self.order(cents, a_person("clerk"), all_of_it)
        self.release(a_person("treasurer"))
        self.export(a_person("treasurer"))
        self.mark_paid(a_person("treasurer"))

    @precondition(lambda self: first(self.payments, PaymentStatus.ORDERED) is not None)
    @rule(who=WHO)
    def release(self, who: Any) -> None:
        self.on_payment(lambda p: p.release(self.grant, who, self.at), PaymentStatus.ORDERED)

    @precondition(lambda self: first(self.payments, PaymentStatus.EXPORTED, PaymentStatus.RELEASED) is not None)
    @rule(who=WHO)
    def export(self, who: Any) -> None:
        file_id = new_id()
        exported = self.on_payment(
            lambda p: (self.grant, p.export(self.grant, file_id, who, self.at)),
            PaymentStatus.EXPORTED,
            PaymentStatus.RELEASED,
        )
        if exported:
            self.in_files.append(exported.id)

    @precondition(lambda self: first(self.payments, PaymentStatus.EXPORTED, PaymentStatus.RELEASED) is not None)
    @rule(who=WHO)
    def mark_paid(self, who: Any) -> None:
        paid = self.on_payment(
            lambda p: p.mark_paid(self.grant, self.at.date(), who, self.at),
            PaymentStatus.EXPORTED,
            PaymentStatus.RELEASED,
        )
        if paid:
            self.books.keep(self.books.budget.pay(paid.amount_cents, self.grant.id, STAMP))
            self.pot.move("committed", "paid", paid.amount_cents)

    @precondition(lambda self: self.grant.in_flight_cents > 0)
    @rule(who=WHO)
    def fail(self, who: Any) -> None:
        self.on_payment(lambda p: p.fail(self.grant, "x", who, self.at), *MOVING)

    @precondition(lambda self: first(self.payments, PaymentStatus.PAID) is not None)
    @rule(who=WHO)
    def money_comes_back(self, who: Any) -> None:
        """Whatever the grant is by now: the bank asks nobody."""
        before = self.grant.refund_claimed_cents
        back = self.on_payment(lambda p: p.come_back(self.grant, self.at.date(), "x", who, self.at), PaymentStatus.PAID)
        if back:
            owed = before - self.grant.refund_claimed_cents
            self.books.keep(self.books.budget.payment_returned(back.amount_cents, owed, self.grant.id, STAMP))
            self.pot.move("receivable", "committed", owed)
            self.pot.move("paid", "committed", back.amount_cents - owed)

    def pencilled_paid(self) -> int:
        return sum(p.amount_cents for p in self.payments if p.status is PaymentStatus.PAID)
