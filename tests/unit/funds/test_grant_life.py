"""Any order of steps that people may try on one grant: no cent is lost, doubled or paid beyond what holds."""

from hypothesis import HealthCheck, event, settings
from hypothesis.stateful import invariant

from services.funds.domain.claim import ClaimStatus
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import OVER, GrantStatus
from services.funds.domain.ledger import Account, balances
from services.funds.domain.payment import PaymentStatus
from tests.support.funds_lived_grant import LivedGrant
from tests.support.funds_lived_payments import MOVING


class Life(LivedGrant):
    """What holds after every step."""

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
