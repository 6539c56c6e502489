"""Any order of steps that people may try on one grant: no cent is lost, doubled or paid beyond what holds."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis.ports import end_of_day, new_id
from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.claim import Claim, ClaimStatus, Deduction
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import OVER, UNDER_WAY, Grant, GrantStatus
from services.funds.domain.ledger import Account, balances
from services.funds.domain.payee import Payee
from services.funds.domain.payment import Payment, PaymentStatus
from services.funds.domain.proof import Outcome
from tests.support.funds import a_stamp, books
from tests.support.funds_grant import FEBRUARY, IBAN, JULY, MAY, a_person, a_receipt, an_award

POT = 1_300_000
STAMP = a_stamp()
MOVING = (PaymentStatus.ORDERED, PaymentStatus.RELEASED, PaymentStatus.EXPORTED)
CENTS = st.integers(1, 60_000)
# How far a life is when chance takes over: few would come to their end by chance alone.
BEGUN = ("awarded", "agreed", "paid", "proven", "settled")
WHO = st.sampled_from(("clerk", "treasurer", "clerk", "treasurer", "third", "member-1", "applicant")).map(a_person)


def attempt(step: Callable[[], Any]) -> Any:
    """What the step answers, or None where a rule says no: then nothing has changed."""
    try:
        return step()
    except Refusal:
        return None


def first(filed: Sequence[Claim | Payment], *statuses: str) -> int | None:
    return next((n for n, one in enumerate(filed) if one.status in statuses), None)


class Pot:
    """What a person with a pencil would write: where each cent of the pot lies, from nothing but what was done."""

    def __init__(self) -> None:
        self.lies = dict.fromkeys(("available", "committed", "paid", "receivable"), 0) | {"available": POT}

    def move(self, source: str, target: str, cents: int) -> None:
        self.lies[source] -= cents
        self.lies[target] += cents


class Life(RuleBasedStateMachine):
    """One grant with its claims, payments and books, from the award to its end, and the pencil beside them."""

    @initialize(
        payout=st.sampled_from(Payout),
        approved=st.integers(10_000, 60_000),
        percent=st.sampled_from((0, 0, 7)),
        begun=st.sampled_from(BEGUN),
        claimed=CENTS,
        counts=CENTS,
        sent_back=st.booleans(),
    )
    def award(
        self, payout: Payout, approved: int, percent: int, begun: str, claimed: int, counts: int, sent_back: bool
    ) -> None:
        self.grant = an_award(
            payout=payout,
            approved_cents=approved,
            lump_sum_percent=percent,
            proof_reminder_days=(-14, 14),
        )
        self.books, self.pot = books(POT), Pot()
        self.books.keep(self.books.budget.commit(approved, self.grant.id, STAMP))
        self.pot.move("available", "committed", approved)
        self.at = FEBRUARY
        self.claims: list[Claim] = []
        self.payments: list[Payment] = []
        self.in_files: list[str] = []
        self.proven_cents: int | None = None
        self.live(BEGUN.index(begun), claimed, counts)
        if sent_back:
            self.money_comes_back(a_person("treasurer"))

    def live(self, so_far: int, claimed: int, counts: int) -> None:
        """The usual way, as far as it shall have gone before chance takes over."""
        if so_far >= BEGUN.index("agreed"):
            self.agree()
        if so_far >= BEGUN.index("paid"):
            self.claim(claimed)
            self.decide_claim(claimed)
            self.pay(claimed, all_of_it=claimed % 2 == 0)
        if so_far >= BEGUN.index("proven"):
            self.at = JULY
            self.prove(max(claimed, counts), early=True)
            self.accept(counts, clear=True)
        if so_far >= BEGUN.index("settled") and self.grant.status is GrantStatus.PROOF_ACCEPTED:
            if self.grant.refund_due_cents:
                self.refund(1, all_of_it=True)
            self.settle("verzichtet")

    @precondition(lambda self: self.grant.status is GrantStatus.AWARDED)
    @rule()
    def agree(self) -> None:
        payee = Payee.of("Kiezgarten e. V.", IBAN, "office")
        self.grant = attempt(lambda: self.grant.agree("L-1", payee, "office", self.at)) or self.grant
        self.at = max(self.at, MAY)
        self.grant = self.grant.start()

    @rule(days=st.integers(0, 40), timer_is_late=st.booleans())
    def wait(self, days: int, timer_is_late: bool) -> None:
        self.at += timedelta(days=days)
        if timer_is_late:
            return
        if self.at >= end_of_day(self.grant.ends_on):
            self.grant = proving.falls_due(self.grant)
        if proving.is_overdue(self.grant, self.at):
            self.grant = proving.falls_overdue(self.grant)

    @rule(cents=CENTS)
    def claim(self, cents: int) -> None:
        receipts = (a_receipt(cents, issued_on=self.grant.decided_on),)
        done = attempt(lambda: Claim.submit(self.grant, new_id(), receipts, "applicant", self.at))
        if done:
            self.grant, claim = done
            self.claims.append(claim)

    @precondition(lambda self: first(self.claims, ClaimStatus.SUBMITTED) is not None)
    @rule(left=CENTS)
    def decide_claim(self, left: int) -> None:
        number = first(self.claims, ClaimStatus.SUBMITTED)
        assert number is not None
        claim = self.claims[number]
        deductions = [Deduction(1, left, "x")] if left < claim.total_cents else []
        done = attempt(lambda: claim.accept(self.grant, deductions, "office", self.at)) or attempt(
            lambda: claim.refuse(self.grant, "x", "office", self.at)
        )
        self.grant, self.claims[number] = done or (self.grant, claim)

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

    @precondition(lambda self: self.grant.status in (*UNDER_WAY, GrantStatus.PROOF_QUERIED, GrantStatus.OVERDUE))
    @rule(costs=st.integers(0, 60_000), early=st.sampled_from((False, False, False, True)))
    def prove(self, costs: int, early: bool) -> None:
        if self.at < end_of_day(self.grant.ends_on) and not early:
            return
        results = tuple((Outcome.REACHED, "ja") for _ in self.grant.goals)
        done = attempt(lambda: proving.submit(self.grant, "r", results, costs, (), "applicant", self.at))
        self.grant = done or self.grant

    @precondition(lambda self: self.grant.status is GrantStatus.PROOF_SUBMITTED)
    @rule(days=st.integers(0, 20))
    def query(self, days: int) -> None:
        day = self.at.date() + timedelta(days=days)
        self.grant = attempt(lambda: proving.query(self.grant, "why?", day, "office", self.at)) or self.grant

    @precondition(lambda self: self.grant.status is GrantStatus.PROOF_SUBMITTED)
    @rule(counts=st.integers(0, 60_000), clear=st.booleans())
    def accept(self, counts: int, clear: bool) -> None:
        if clear:
            self.clear_the_desk()
        done = attempt(lambda: proving.accept(self.grant, counts, "x", "office", self.at))
        if done:
            self.grant, self.proven_cents = done, counts
            self.claim_back(max(0, self.pencilled_paid() - counts))

    def clear_the_desk(self) -> None:
        """Nobody accepts a proof while a claim or a payment is open: refuse and fail what is."""
        for number, claim in enumerate(self.claims):
            if claim.status is ClaimStatus.SUBMITTED:
                self.grant, self.claims[number] = claim.refuse(self.grant, "x", "office", self.at)
        for number, payment in enumerate(self.payments):
            if payment.status in MOVING:
                self.grant, self.payments[number] = payment.fail(self.grant, "x", a_person("treasurer"), self.at)

    @precondition(lambda self: self.grant.refund_due_cents > 0)
    @rule(cents=CENTS, all_of_it=st.booleans())
    def refund(self, cents: int, all_of_it: bool) -> None:
        came = self.grant.refund_due_cents if all_of_it else cents
        done = attempt(lambda: settlement.receive_refund(self.grant, came, self.at.date(), self.at))
        if done:
            self.grant = done
            self.books.keep(self.books.budget.refund_received(came, self.grant.id, STAMP))
            self.pot.move("receivable", "available", came)

    @precondition(lambda self: self.grant.status is GrantStatus.PROOF_ACCEPTED)
    @rule()
    def reopen(self) -> None:
        """The acceptance was a slip: nothing is owed, and what counts are the claims again."""
        counts, owed = sum(claim.accepted_cents for claim in self.claims), self.pot.lies["receivable"]
        done = attempt(lambda: proving.reopen(self.grant, counts, "x", "office", self.at))
        if done:
            self.grant, self.proven_cents = done, None
            if owed:
                self.books.keep(self.books.budget.refund_claim_withdrawn(owed, self.grant.id, STAMP))
            self.pot.move("receivable", "paid", owed)

    @precondition(lambda self: self.grant.status is GrantStatus.PROOF_SUBMITTED)
    @rule(counts=st.integers(0, 60_000), is_paid=st.booleans())
    def misread(self, counts: int, is_paid: bool) -> None:
        """Accepted, found to be wrong, and taken back, where it may be."""
        self.accept(counts, clear=True)
        if is_paid and self.grant.payable_cents:
            self.pay(1, all_of_it=True)
        if self.grant.status is GrantStatus.PROOF_ACCEPTED:
            self.reopen()

    @precondition(lambda self: self.grant.status is GrantStatus.PROOF_ACCEPTED)
    @rule(waiver=st.sampled_from(("", "verzichtet")))
    def settle(self, waiver: str) -> None:
        self.end(attempt(lambda: settlement.settle(self.grant, waiver, "office", self.at)))

    @precondition(lambda self: proving.is_overdue(self.grant, self.at))
    @rule()
    def revoke(self) -> None:
        done = attempt(lambda: settlement.revoke(self.grant, "x", "office", self.at))
        self.end(done)
        if done:
            self.claim_back(self.pot.lies["paid"])

    # Rarely, or hardly a life would last.
    @precondition(lambda self: len(self.payments) > 2)
    @rule()
    def cancel(self) -> None:
        self.end(attempt(lambda: settlement.cancel(self.grant, "x", "office", self.at)))

    def end(self, done: Grant | None) -> None:
        if done is None:
            return
        freed = done.returned_cents - self.grant.returned_cents
        self.grant = done
        if freed:
            self.books.keep(self.books.budget.uncommit(freed, done.id, STAMP))
        self.pot.move("committed", "available", self.pot.lies["committed"])

    def claim_back(self, owed: int) -> None:
        if owed:
            self.books.keep(self.books.budget.refund_claimed(owed, self.grant.id, STAMP))
            self.pot.move("paid", "receivable", owed)

    def pencilled_paid(self) -> int:
        return sum(p.amount_cents for p in self.payments if p.status is PaymentStatus.PAID)

    @invariant()
    def the_books_are_what_the_pencil_says(self) -> None:
        budget = self.books.budget
        assert self.pot.lies == {
            "available": budget.available_cents,
            "committed": budget.committed_cents,
            "paid": budget.paid_cents,
            "receivable": budget.receivable_cents,
        }
        found = balances(self.books.postings)
        assert sum(found.values()) == 0
        assert all(found[account] == budget.balance_cents(account) for account in Account)

    @invariant()
    def the_grant_says_what_the_books_say(self) -> None:
        grant, lies = self.grant, self.pot.lies
        assert lies["committed"] == grant.approved_cents - grant.paid_cents - grant.returned_cents >= 0
        assert lies["committed"] == 0 or grant.status not in OVER
        assert lies["receivable"] == grant.refund_due_cents
        assert lies["paid"] == grant.paid_cents - grant.refund_claimed_cents
        assert min(lies.values()) >= 0

    @invariant()
    def no_more_is_paid_than_holds(self) -> None:
        grant = self.grant
        out = grant.paid_cents + grant.in_flight_cents
        assert 0 <= out <= grant.approved_cents <= grant.requested_cents
        if grant.payout is Payout.REIMBURSEMENT and grant.status not in (GrantStatus.PROOF_ACCEPTED, *OVER):
            assert out <= sum(claim.accepted_cents for claim in self.claims)
        if grant.status in (GrantStatus.PROOF_ACCEPTED, GrantStatus.SETTLED):
            assert self.proven_cents is not None
            assert grant.refund_claimed_cents == max(0, grant.paid_cents - self.proven_cents)
        assert 0 <= grant.refunded_cents <= grant.refund_claimed_cents <= grant.paid_cents
        assert (grant.refund_due_on is not None) >= (grant.refund_due_cents > 0)

    @invariant()
    def the_files_add_up(self) -> None:
        if self.grant.status not in (GrantStatus.PROOF_ACCEPTED, *OVER):
            assert self.grant.accepted_cents == sum(claim.accepted_cents for claim in self.claims)
        assert self.grant.open_claims == sum(claim.status is ClaimStatus.SUBMITTED for claim in self.claims)
        assert self.grant.in_flight_cents == sum(p.amount_cents for p in self.payments if p.status in MOVING)
        assert self.grant.paid_cents == self.pencilled_paid()
        assert len(self.in_files) == len(set(self.in_files))
        for payment in self.payments:
            eyes = {payment.ordered_by, payment.released_by, payment.exported_by} - {""}
            assert not eyes & {*self.grant.decided_by, self.grant.applicant_sub}
            assert payment.ordered_by != payment.released_by
            assert payment.released_by or payment.status not in (PaymentStatus.PAID, PaymentStatus.EXPORTED)
            assert bool(payment.file_id) == (payment.id in self.in_files)

    def teardown(self) -> None:
        if hasattr(self, "grant"):
            paid, refund = self.grant.paid_cents > 0, self.grant.refund_claimed_cents > 0
            event(f"{self.grant.status}, paid: {paid}, refund: {refund}")


Life.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=(HealthCheck.filter_too_much, HealthCheck.too_slow),
)
TestLifeOfAGrant = Life.TestCase
