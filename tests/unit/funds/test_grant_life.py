"""Any order of steps that people may try on one grant: no cent is lost, doubled or paid beyond what holds."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from chassis.ports import end_of_day, new_id
from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.claim import Claim, ClaimStatus, Deduction
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import OVER, Grant, GrantStatus
from services.funds.domain.ledger import Account, balances
from services.funds.domain.payment import Payment, PaymentStatus
from services.funds.domain.proof import Outcome
from tests.support.funds import a_stamp, books
from tests.support.funds_grant import MAY, a_grant, a_person, a_receipt

POT = 1_300_000
SUBS = ("clerk", "treasurer", "clerk", "treasurer", "clerk", "treasurer", "member-1", "applicant")
STAMP = a_stamp()


def attempt(step: Callable[[], Any]) -> Any:
    """What the step answers, or None where a rule says no: then nothing has changed."""
    try:
        return step()
    except Refusal:
        return None


def first(filed: Sequence[Claim | Payment], status: str) -> int | None:
    return next((n for n, one in enumerate(filed) if one.status == status), None)


class Life:
    """One grant with its claims, payments and books. Chance gives a step its `n`, mostly an amount, and who tries it."""

    def __init__(self, payout: Payout, approved_cents: int) -> None:
        self.grant = a_grant(payout=payout, approved_cents=approved_cents)
        self.books = books(POT)
        self.books.keep(self.books.budget.commit(approved_cents, self.grant.id, STAMP))
        self.at = MAY
        self.who = a_person("clerk")
        self.claims: list[Claim] = []
        self.payments: list[Payment] = []

    def wait(self, n: int) -> None:
        self.at += timedelta(days=n % 30)
        if self.at >= end_of_day(self.grant.ends_on):
            self.grant = proving.falls_due(self.grant)
        if n % 2 and proving.is_overdue(self.grant, self.at):
            self.grant = proving.falls_overdue(self.grant)

    def claim(self, n: int) -> None:
        receipts = (a_receipt(1 + n % 30_000, issued_on=MAY.date()),)
        done = attempt(lambda: Claim.submit(self.grant, new_id(), receipts, "applicant", self.at))
        if done:
            self.grant, claim = done
            self.claims.append(claim)

    def decide(self, n: int) -> None:
        number = first(self.claims, ClaimStatus.SUBMITTED)
        if number is None:
            return
        claim, left = self.claims[number], n % 40_000
        deductions = [Deduction(1, left, "x")] if left < claim.total_cents else []
        done = attempt(lambda: claim.accept(self.grant, deductions, "office", self.at)) or attempt(
            lambda: claim.refuse(self.grant, "x", "office", self.at)
        )
        self.grant, self.claims[number] = done or (self.grant, claim)

    def order(self, n: int) -> None:
        done = attempt(lambda: Payment.order(self.grant, new_id(), 1 + n % 30_000, self.who, self.at))
        if done:
            self.grant, payment = done
            self.payments.append(payment)

    def release(self, n: int) -> None:
        number = first(self.payments, PaymentStatus.ORDERED)
        if number is not None:
            payment = self.payments[number]
            done = attempt(lambda: payment.release(self.grant, self.who, self.at))
            self.grant, self.payments[number] = done or (self.grant, payment)

    def transfer(self, n: int) -> None:
        number = first(self.payments, PaymentStatus.RELEASED)
        if number is None:
            return
        payment = self.payments[number]
        done = attempt(lambda: payment.mark_paid(self.grant, self.at.date(), self.who, self.at))
        if done:
            self.grant, self.payments[number] = done
            self.books.keep(self.books.budget.pay(payment.amount_cents, self.grant.id, STAMP))

    def fail(self, n: int) -> None:
        number = first(self.payments, PaymentStatus.ORDERED)
        if number is not None:
            payment = self.payments[number]
            self.grant, self.payments[number] = payment.fail(self.grant, "x", "treasurer", self.at)

    def prove(self, n: int) -> None:
        if n % 3 and self.at < end_of_day(self.grant.ends_on):
            return
        results = tuple((Outcome.REACHED, "ja") for _ in self.grant.goals)
        done = attempt(lambda: proving.submit(self.grant, "r", results, n % 60_000, (), "applicant", self.at))
        self.grant = done or self.grant

    def accept(self, n: int) -> None:
        if n % 4:
            self.clear_the_desk()
        done = attempt(lambda: proving.accept(self.grant, n % 60_000, "x", "office", self.at))
        if done:
            self.grant = done
            self.claim_back()

    def clear_the_desk(self) -> None:
        """Nobody accepts a proof while a claim or a payment is open: refuse and fail what is."""
        for number, claim in enumerate(self.claims):
            if claim.status is ClaimStatus.SUBMITTED and self.grant.status is GrantStatus.PROOF_SUBMITTED:
                self.grant, self.claims[number] = claim.refuse(self.grant, "x", "office", self.at)
        for number, payment in enumerate(self.payments):
            if payment.status in (PaymentStatus.ORDERED, PaymentStatus.RELEASED):
                self.grant, self.payments[number] = payment.fail(self.grant, "x", "treasurer", self.at)

    def refund(self, n: int) -> None:
        cents = 1 + n % 30_000
        done = attempt(lambda: settlement.receive_refund(self.grant, cents, self.at.date(), self.at))
        if done:
            self.grant = done
            self.books.keep(self.books.budget.refund_received(cents, self.grant.id, STAMP))

    def settle(self, n: int) -> None:
        self.end(attempt(lambda: settlement.settle(self.grant, "x" * (n % 2), "office", self.at)))

    def revoke(self, n: int) -> None:
        self.end(attempt(lambda: settlement.revoke(self.grant, "x", "office", self.at)))
        if self.grant.status is GrantStatus.REVOKED:
            self.claim_back()

    def cancel(self, n: int) -> None:
        # Rarely, or hardly a life would last.
        if n % 7 == 3:
            self.end(attempt(lambda: settlement.cancel(self.grant, "x", "office", self.at)))

    def end(self, done: Grant | None) -> None:
        if done:
            self.grant = done
            if done.returned_cents:
                self.books.keep(self.books.budget.uncommit(done.returned_cents, done.id, STAMP))

    def claim_back(self) -> None:
        owed = self.grant.refund_claimed_cents - self.books.budget.receivable_cents - self.grant.refunded_cents
        if owed:
            self.books.keep(self.books.budget.refund_claimed(owed, self.grant.id, STAMP))

    def check_money(self) -> None:
        grant, budget = self.grant, self.books.budget
        assert 0 <= grant.paid_cents + grant.in_flight_cents <= grant.approved_cents <= grant.requested_cents
        if grant.payout is Payout.REIMBURSEMENT and grant.status not in (GrantStatus.PROOF_ACCEPTED, *OVER):
            assert grant.paid_cents + grant.in_flight_cents <= grant.accepted_cents
        if grant.status in (GrantStatus.PROOF_ACCEPTED, GrantStatus.SETTLED):
            assert grant.paid_cents - grant.refund_claimed_cents <= grant.accepted_cents
        assert 0 <= grant.refunded_cents <= grant.refund_claimed_cents <= grant.paid_cents
        open_cents = grant.approved_cents - grant.paid_cents - grant.returned_cents
        assert budget.committed_cents == open_cents >= 0
        assert open_cents == 0 or grant.status not in OVER
        assert budget.receivable_cents == grant.refund_due_cents
        assert budget.paid_cents == grant.paid_cents - grant.refund_claimed_cents
        found = balances(self.books.postings)
        assert sum(found.values()) == 0
        assert all(found[account] == budget.balance_cents(account) for account in Account)

    def check_files(self) -> None:
        assert self.grant.open_claims == sum(c.status is ClaimStatus.SUBMITTED for c in self.claims)
        moving = (PaymentStatus.ORDERED, PaymentStatus.RELEASED)
        assert self.grant.in_flight_cents == sum(p.amount_cents for p in self.payments if p.status in moving)
        assert self.grant.paid_cents == sum(p.amount_cents for p in self.payments if p.status is PaymentStatus.PAID)
        for payment in self.payments:
            eyes = {payment.ordered_by, payment.released_by, payment.closed_by} - {""}
            assert not eyes & {*self.grant.decided_by, self.grant.applicant_sub}
            assert payment.ordered_by != payment.released_by
            assert payment.released_by or payment.status is not PaymentStatus.PAID


OFTEN = ("claim", "decide", "order", "release", "transfer")
SELDOM = ("wait", "fail", "prove", "accept", "refund", "settle", "revoke", "cancel")
STEPS = (*OFTEN, *OFTEN, *OFTEN, "wait", "accept", "refund", "settle", *SELDOM)
A_STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 10**6), st.sampled_from(SUBS))


@settings(max_examples=150)
@given(
    st.sampled_from(Payout),
    st.integers(10_000, 60_000),
    st.lists(A_STEP, min_size=30, max_size=90),
)
def test_whatever_people_try_the_money_of_a_grant_adds_up(
    payout: Payout, approved: int, steps: list[tuple[str, int, str]]
) -> None:
    life = Life(payout, approved)
    for step, n, sub in steps:
        life.who = a_person(sub)
        getattr(life, step)(n)
        life.check_money()
        life.check_files()
    event(f"{life.grant.status}, paid: {life.grant.paid_cents > 0}, refund: {life.grant.refund_claimed_cents > 0}")
