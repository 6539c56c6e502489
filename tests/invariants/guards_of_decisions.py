"""What holds a decision: what a round and an application allow, who votes, and how a vote is counted."""

from tests.invariants.guard import DOMAIN, UNIT, Guard

DECISIONS = (
    Guard(
        "nothing of a round is decided while somebody may still apply",
        f"{DOMAIN}/funding_round.py",
        "if self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at < self.closes_at:",
        "if self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at < self.opens_at:",
        f"{UNIT}/test_funding_round.py::test_nothing_is_decided_before_the_last_moment_of_the_round_by_the_calendar",
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
        "who moved or resolved has decided",
        "services/funds/usecases/concluding.py",
        "decided_by=(*subs, *item.acted_by, by),",
        "decided_by=(*subs, *(vote.by for vote in item.votes), by),",
        "tests/component/funds/test_correction.py::"
        "test_who_moved_resolved_concluded_or_corrected_has_decided_and_does_not_pay",
    ),
)
