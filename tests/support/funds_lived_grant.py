"""A grant, and each step that people may try on it from the award to its end, by chance."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from chassis.ports import end_of_day, new_id
from services.funds.domain import proving, settlement
from services.funds.domain.claim import Claim, ClaimStatus, Deduction
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.proof import Outcome
from tests.support.funds import books
from tests.support.funds_grant import FEBRUARY, IBAN, JULY, MAY, a_person, a_receipt, an_award
from tests.support.funds_lived_payments import CENTS, MOVING, STAMP, LivedPayments, attempt, first
from tests.support.funds_pencil import POT, Pot

# How far a life is when chance takes over: few would come to their end by chance alone.
BEGUN = ("awarded", "agreed", "paid", "proven", "settled")


class LivedGrant(LivedPayments):
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
        self.payments = []
        self.in_files = []
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
