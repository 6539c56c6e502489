"""What holds each invariant, as one line of code, what the code would be without it, and the test that sees the difference."""

from dataclasses import dataclass

DOMAIN = "services/funds/domain"
UNIT = "tests/unit/funds"


@dataclass(frozen=True, slots=True)
class Guard:
    """`line` stands in `file` once; with `without` in its place, `test` fails."""

    what: str
    file: str
    line: str
    without: str
    test: str


GUARDS = (
    Guard(
        "every posting sums to zero",
        f"{DOMAIN}/ledger.py",
        "PostingLine(source, -sum(parts.values()))",
        "PostingLine(source, 1 - sum(parts.values()))",
        f"{UNIT}/test_money_life.py",
    ),
    Guard(
        "no account goes below zero",
        f"{DOMAIN}/budget.py",
        "line.amount_cents < 0 and kept[line.account] < 0",
        "line.amount_cents < 0 and kept[line.account] < -(10**12)",
        f"{UNIT}/test_budget.py::test_a_budget_never_promises_more_than_it_holds",
    ),
    Guard(
        "nothing of a round is decided while somebody may still apply",
        f"{DOMAIN}/funding_round.py",
        "if self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at < self.closes_at:",
        "if self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at < self.opens_at:",
        f"{UNIT}/test_funding_round.py::test_nothing_is_decided_before_the_last_moment_of_the_round_by_the_calendar",
    ),
    Guard(
        "a pot gives what its own year was asked for",
        f"{DOMAIN}/funding_round.py",
        "if year < self.year or (year > self.year and not later):",
        "if year < self.year:",
        f"{UNIT}/test_funding_round.py::test_a_pot_of_a_later_year_gives_what_was_put_off_or_what_its_own_year_left_behind",
    ),
    Guard(
        "no refund comes before the first payment",
        f"{DOMAIN}/settlement.py",
        "if first_paid_on and received_on < first_paid_on:",
        "if first_paid_on and received_on.year < first_paid_on.year:",
        f"{UNIT}/test_settlement.py::test_no_refund_comes_before_the_first_payment",
    ),
    Guard(
        "what was never released is not released after its year was closed",
        f"{DOMAIN}/budget.py",
        "if self.status is BudgetStatus.CLOSED:\n            raise",
        "if self.status is not BudgetStatus.RELEASED:\n            raise",
        f"{UNIT}/test_closed_year.py::test_a_planned_budget_closes_without_a_posting_and_is_not_released_any_more",
    ),
    Guard(
        "kept balances are those of the ledger",
        f"{DOMAIN}/budget.py",
        "kept[line.account] += line.amount_cents",
        "kept[line.account] += line.amount_cents * (line.account is not Account.PAID)",
        f"{UNIT}/test_budget.py::test_whatever_is_tried_the_ledger_proves_the_kept_balances",
    ),
    Guard(
        "an award is not above what was asked for",
        f"{DOMAIN}/application.py",
        "if approved_cents > self.requested_cents:",
        "if approved_cents > 10**12:",
        f"{UNIT}/test_application.py::test_an_award_is_above_zero_and_within_what_was_asked_and_the_cap",
    ),
    Guard(
        "an award is not above the cap",
        f"{DOMAIN}/application.py",
        "if rules.cap_cents and amount_cents > rules.cap_cents and not excepted:",
        "if rules.cap_cents and amount_cents > 10**12 and not excepted:",
        f"{UNIT}/test_application.py::test_the_cap_is_lifted_only_by_a_recorded_reason_that_the_rules_allow",
    ),
    Guard(
        "an exception from the cap needs rules that allow it",
        f"{DOMAIN}/application.py",
        "excepted = exception and rules.cap_exception_allowed",
        "excepted = exception",
        f"{UNIT}/test_application.py::test_the_cap_is_lifted_only_by_a_recorded_reason_that_the_rules_allow",
    ),
    Guard(
        "a revised award is not above the motion",
        f"{DOMAIN}/revision.py",
        "if amount_cents > item.the_motion.amount_cents:",
        "if amount_cents > 10**12:",
        "tests/component/funds/test_correction.py::"
        "test_the_office_gives_no_more_than_a_session_voted_on_and_the_recount_shows_what_it_revised",
    ),
    Guard(
        "no award without a quorum",
        f"{DOMAIN}/jury_session.py",
        "if not self.rules.quorate(present, recused_present):",
        "if not self.rules.quorate(10**6, 0):",
        f"{UNIT}/test_motion.py::test_the_quorum_is_asked_for_again_at_every_vote_and_at_the_count",
    ),
    Guard(
        "no recused member votes",
        f"{DOMAIN}/agenda_item.py",
        "if vote.member_id in self.recused:",
        'if vote.member_id == "":',
        f"{UNIT}/test_motion.py::test_a_recused_member_cannot_vote_and_loses_a_vote_already_cast",
    ),
    Guard(
        "a seat votes once",
        f"{DOMAIN}/jury_session.py",
        "if len(voted.votes) > self.rules.seats:",
        "if len(voted.votes) > 10**6:",
        f"{UNIT}/test_attendance.py::test_a_seat_votes_once_though_a_substitute_went_when_the_member_came",
    ),
    Guard(
        "a seat that changes hands votes once",
        f"{DOMAIN}/jury_session.py",
        "jury.sitting_on(berlin_day(self.opened_at or at), berlin_day(at))",
        "jury.sitting_on(berlin_day(at))",
        f"{UNIT}/test_attendance.py::"
        "test_who_came_to_a_seat_after_the_session_began_is_not_there_though_other_seats_are_silent",
    ),
    Guard(
        "a tie is a no",
        f"{DOMAIN}/procedure.py",
        "return tally.yes > tally.no",
        "return tally.yes >= tally.no",
        f"{UNIT}/test_vote.py::test_a_motion_is_carried_by_its_majority_and_a_tie_is_a_no",
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
        "who moved or resolved has decided",
        "services/funds/usecases/concluding.py",
        "decided_by=(*subs, *item.acted_by, by),",
        "decided_by=(*subs, *(vote.by for vote in item.votes), by),",
        "tests/component/funds/test_correction.py::"
        "test_who_moved_resolved_concluded_or_corrected_has_decided_and_does_not_pay",
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
        "if p.kind in CLAIMING)",
        "if p.kind is PostingKind.REFUND_CLAIMED)",
        f"{UNIT}/test_reopened_proof.py"
        "::test_a_claim_is_withdrawn_from_the_newest_budget_first_and_its_day_is_when_it_is_paid_again",
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
    Guard(
        "a closed year has no open commitment",
        f"{DOMAIN}/budget.py",
        "if self.committed_cents:",
        "if self.committed_cents < 0:",
        f"{UNIT}/test_closed_year.py::test_a_year_does_not_close_with_an_open_commitment",
    ),
    Guard(
        "what comes back into a closed year is carried on",
        "services/funds/usecases/grant_money.py",
        "while budget.year < home.year or budget.status is BudgetStatus.CLOSED:",
        "while budget.year < home.year:",
        "tests/component/funds/test_coming_back.py::"
        "test_what_comes_back_when_the_year_is_closed_and_the_grant_settled_is_paid_from_the_next_year",
    ),
    Guard(
        "released is not above the title",
        f"{DOMAIN}/title.py",
        "if released > of_year.total_cents:",
        "if released > 10**15:",
        f"{UNIT}/test_title.py::test_released_never_exceeds_the_total",
    ),
    Guard(
        "the parts of a total sum exactly",
        f"{DOMAIN}/allocation.py",
        "for key in by_remainder[:left]:",
        "for key in by_remainder[: left - 1]:",
        f"{UNIT}/test_allocation.py::test_the_parts_sum_exactly_and_are_within_a_cent_of_their_share",
    ),
)
