"""Every status of a ballot with every step, and the clock: never a timer decides whether a vote counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chassis.refusals import Refusal
from services.funds.domain.ballot import MOST_CODES, Ballot
from services.funds.domain.ballot import BallotStatus as S
from services.funds.domain.refusals.ballot import (
    BallotInState,
    BallotNotCounted,
    BallotTimesWrong,
    OptionAboveBudget,
    TooFewOptions,
    TooFewVotes,
    TooManyCodes,
    VotingHasBegun,
    VotingIsOver,
    VotingNotBegun,
)
from tests.support.funds import NOON
from tests.support.funds_ballot import SEED, a_ballot, choose, knapsack_rules, options, votes_rules

OPENS, CLOSES = NOON + timedelta(days=1), NOON + timedelta(days=2)
TICK = timedelta(milliseconds=1)
WHY = "Wie beschlossen."
PAPERS = [choose(0), choose(0, 1)] * 5


def a_ballot_in(status: S) -> Ballot:
    draft = a_ballot()
    opened = draft.open(options(100, 200), WHY, NOON).issue_codes(50, NOON)
    counted = opened.close().count(PAPERS)
    return {
        S.DRAFT: draft,
        S.OPEN: opened,
        S.CLOSED: counted,
        S.PUBLISHED: counted.publish(WHY),
        S.CANCELLED: opened.cancel(WHY),
    }[status]


STEPS: dict[str, Callable[[Ballot], Ballot]] = {
    "revise": lambda b: b.revise("Neu", votes_rules(), OPENS, CLOSES, ()),
    "open": lambda b: b.open(options(100, 200), WHY, NOON),
    "issue_codes": lambda b: b.issue_codes(50, NOON),
    "revoke_codes": lambda b: b.revoke_codes(50, NOON),
    "close": lambda b: b.close(),
    "count": lambda b: b.count(PAPERS),
    "publish": lambda b: b.publish(WHY),
    "cancel": lambda b: b.cancel(WHY),
}
POSSIBLE: dict[tuple[S, str], S] = {
    (S.DRAFT, "revise"): S.DRAFT,
    (S.DRAFT, "open"): S.OPEN,
    (S.DRAFT, "issue_codes"): S.DRAFT,
    (S.DRAFT, "revoke_codes"): S.DRAFT,
    (S.DRAFT, "cancel"): S.CANCELLED,
    (S.OPEN, "issue_codes"): S.OPEN,
    (S.OPEN, "revoke_codes"): S.OPEN,
    (S.OPEN, "close"): S.CLOSED,
    (S.OPEN, "cancel"): S.CANCELLED,
    (S.CLOSED, "count"): S.CLOSED,
    (S.CLOSED, "publish"): S.PUBLISHED,
    (S.CLOSED, "cancel"): S.CANCELLED,
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_possible_where_the_table_says_and_refused_everywhere_else(status: S, step: str) -> None:
    ballot = a_ballot_in(status)
    if (status, step) in POSSIBLE:
        assert STEPS[step](ballot).status is POSSIBLE[status, step]
        return
    with pytest.raises(BallotInState) as caught:
        STEPS[step](ballot)
    assert caught.value.reason == f"BALLOT_{status.upper()}"


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (OPENS - TICK, VotingNotBegun),
        (OPENS, None),
        (CLOSES - TICK, None),
        (CLOSES, VotingIsOver),
        (CLOSES + timedelta(days=9), VotingIsOver),
    ],
)
def test_a_vote_counts_by_the_calendar_though_no_timer_has_fired(at: object, refusal: type[Refusal] | None) -> None:
    ballot = a_ballot_in(S.OPEN)
    if refusal is None:
        assert ballot.voting_terms(at) == ballot.terms  # type: ignore[arg-type]  # a datetime of the table
        return
    with pytest.raises(refusal):
        ballot.voting_terms(at)  # type: ignore[arg-type]  # a datetime of the table


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(S.DRAFT, BallotInState), (S.CLOSED, VotingIsOver), (S.PUBLISHED, VotingIsOver), (S.CANCELLED, BallotInState)],
)
def test_nobody_votes_on_a_ballot_that_is_not_open(status: S, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        a_ballot_in(status).voting_terms(OPENS)


def test_what_is_frozen_stays_whatever_is_done_later() -> None:
    opened = a_ballot().open(options(100, 200), WHY, NOON)
    for status in (S.OPEN, S.CLOSED, S.PUBLISHED, S.CANCELLED):
        later = a_ballot_in(status)
        assert (later.terms_text.replace(later.id, ""), later.options) == (
            opened.terms_text.replace(opened.id, ""),
            opened.options,
        )


def test_times_must_lie_ahead_and_in_order() -> None:
    with pytest.raises(BallotTimesWrong):
        a_ballot(closes_at=OPENS).open(options(1, 1), WHY, NOON)
    with pytest.raises(BallotTimesWrong):
        a_ballot().open(options(1, 1), WHY, CLOSES)
    assert a_ballot().open(options(1, 1), WHY, CLOSES - TICK).status is S.OPEN


def test_people_must_have_a_choice_that_can_be_chosen() -> None:
    with pytest.raises(TooFewOptions):
        a_ballot().open(options(1), WHY, NOON)
    with pytest.raises(OptionAboveBudget):
        a_ballot(knapsack_rules(1_000)).open(options(1, 1_001), WHY, NOON)


def test_codes_are_bounded_and_none_is_made_after_the_end() -> None:
    with pytest.raises(TooManyCodes):
        a_ballot(codes_made=MOST_CODES - 49).issue_codes(50, NOON)
    with pytest.raises(VotingIsOver):
        a_ballot().issue_codes(50, CLOSES)


def test_codes_are_revoked_before_voting_begins_and_never_after() -> None:
    opened = a_ballot_in(S.OPEN)
    assert opened.revoke_codes(50, OPENS - timedelta(minutes=1)).codes_issued == 0
    with pytest.raises(VotingHasBegun):
        opened.revoke_codes(50, OPENS - timedelta(minutes=1) + TICK)
    # Nobody votes on a draft, however late it is.
    assert a_ballot(codes_issued=50).revoke_codes(50, OPENS).codes_issued == 0


def test_of_too_few_votes_no_total_is_worked_out_for_anyone() -> None:
    counted = a_ballot_in(S.OPEN).close().count(PAPERS[:9])
    assert counted.result is not None
    assert (counted.result.lines, counted.result.papers, counted.tally) == ((), 9, ())
    with pytest.raises(TooFewVotes):
        counted.publish(WHY)


def test_nothing_is_published_before_it_is_counted() -> None:
    with pytest.raises(BallotNotCounted):
        a_ballot_in(S.OPEN).close().publish(WHY)
    many = a_ballot().open(options(100, 200), WHY, NOON).issue_codes(1_000, NOON).close()
    with pytest.raises(BallotNotCounted):
        many.count(PAPERS).publish(WHY)


@pytest.mark.parametrize("codes", [0, 50, 300, 301, 6_000, 76_801, MOST_CODES])
def test_every_row_is_counted_in_exactly_one_step_and_steps_are_of_one_size(codes: int) -> None:
    ballot = a_ballot().open(options(100, 200), WHY, NOON).issue_codes(codes, NOON).close()
    seen: list[int] = []
    sizes = set()
    while pieces := ballot.next_pieces:
        assert ballot.result is None
        seen += pieces
        sizes.add(len(pieces))
        ballot = ballot.count(())
    assert seen == list(range(256))
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) * codes <= 512 * 256
    assert ballot.result is not None


def test_the_seed_of_the_lot_and_the_result_are_told_with_the_publication_and_not_before() -> None:
    for status in S:
        ballot = a_ballot_in(status)
        assert ballot.lot_seed == (SEED if status is S.PUBLISHED else "")
        assert (ballot.public().result is not None) == (status is S.PUBLISHED)
    assert a_ballot_in(S.CANCELLED).result is None
