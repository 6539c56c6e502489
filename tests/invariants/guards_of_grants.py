"""What holds a grant: what is claimed, paid, proven, owed and given back, and by whom."""

from tests.invariants.guard import DOMAIN, UNIT, Guard

GRANTS = (
    Guard(
        "no refund comes before the first payment",
        f"{DOMAIN}/settlement.py",
        "if first_paid_on and received_on < first_paid_on:",
        "if first_paid_on and received_on.year < first_paid_on.year:",
        f"{UNIT}/test_settlement.py::test_no_refund_comes_before_the_first_payment",
    ),
    Guard(
        "what is paid is within the award and the accepted costs",
        f"{DOMAIN}/payment.py",
        "if amount_cents > grant.payable_cents:",
        "if amount_cents > 10**12:",
        f"{UNIT}/test_payment.py::test_no_row_of_payments_exceeds_the_award_or_the_accepted_costs",
    ),
    Guard(
        "who decided does not pay",
        f"{DOMAIN}/payment.py",
        "if caller.sub in grant.decided_by:",
        "if caller.sub in ():",
        f"{UNIT}/test_payment.py::test_whoever_decided_does_not_pay",
    ),
    Guard(
        "who owes a refund or decided does not book it",
        "services/funds/usecases/grant.py",
        "        require_eye(await self._recipients.party(caller, grant, tx=tx), grant)\n",
        "",
        "tests/component/funds/test_own_cause.py::test_a_refund_is_booked_by_somebody_who_neither_owes_it_nor_decided",
    ),
    Guard(
        "four eyes",
        f"{DOMAIN}/payment.py",
        "if grant.four_eyes and caller.sub in (self.ordered_by, self.payee.entered_by):",
        "if grant.four_eyes and caller.sub in ():",
        f"{UNIT}/test_payment.py::test_whoever_orders_does_not_release",
    ),
    Guard(
        "a payment is in one file",
        f"{DOMAIN}/payment.py",
        """        self._require(PaymentStatus.RELEASED)
        grant.require(*PAYING)
        require_eye(caller, grant)
        return replace(self, status=PaymentStatus.EXPORTED""",
        """        grant.require(*PAYING)
        require_eye(caller, grant)
        return replace(self, status=PaymentStatus.EXPORTED""",
        f"{UNIT}/test_transitions.py::test_each_command_on_a_payment_is_allowed_in_its_statuses_alone",
    ),
    Guard(
        "refund = max(0, paid − accepted)",
        f"{DOMAIN}/proving.py",
        "max(0, grant.paid_cents - accepted_cents)",
        "max(0, grant.paid_cents - accepted_cents - 1)",
        f"{UNIT}/test_settlement.py::test_refund_is_what_was_paid_beyond_the_accepted_costs",
    ),
    Guard(
        "a payment's acceptance is not taken back",
        f"{DOMAIN}/proving.py",
        "grant.paid_cents > claims_cents:",
        "grant.paid_cents < 0:",
        f"{UNIT}/test_reopened_proof.py::test_an_acceptance_stands_that_money_rests_on",
    ),
    Guard(
        "a refund that has come is not withdrawn",
        f"{DOMAIN}/proving.py",
        "if grant.refunded_cents:",
        "if grant.refunded_cents < 0:",
        f"{UNIT}/test_reopened_proof.py::test_an_acceptance_stands_that_money_rests_on",
    ),
    Guard(
        "no day paid less than nothing",
        f"{DOMAIN}/grant_position.py",
        "return posting.kind is not PostingKind.REFUND_RECEIVED and",
        "return posting.kind is PostingKind.REFUND_CLAIMED and",
        f"{UNIT}/test_reopened_proof.py::test_what_is_owed_again_is_paid_on_no_earlier_day",
    ),
    Guard(
        "what is not paid returns to the pot",
        f"{DOMAIN}/settlement.py",
        "returned_cents=grant.approved_cents - grant.paid_cents,",
        "returned_cents=0,",
        f"{UNIT}/test_settlement.py::test_what_is_paid_and_what_returns_is_what_was_approved_and_the_ledger_sums_to_zero",
    ),
    Guard(
        "a receipt counts once",
        f"{DOMAIN}/receipt.py",
        "if receipt.fingerprint in seen:",
        "if receipt.fingerprint in ():",
        f"{UNIT}/test_claim.py::test_a_receipt_is_the_same_however_it_is_spelt",
    ),
)
