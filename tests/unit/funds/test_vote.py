"""Votes and majorities: every rule, ties, abstentions, recusals, and the recount of any session."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.agenda_item import ItemStatus, Recusal, RecusalGround
from services.funds.domain.fund_rules import Majority
from services.funds.domain.procedure import Procedure
from services.funds.domain.recount import recount
from services.funds.domain.vote import Choice, Tally, Vote, count
from tests.support.funds import rules
from tests.support.funds_decision import SESSION_AT, a_jury, an_application, an_open_session

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


def procedure(majority: Majority = Majority.OF_VOTES, seats: int = 9, **more: object) -> Procedure:
    return Procedure.freeze(rules(majority=majority, **more), 1, seats)


def tally(yes: int, no: int, abstain: int = 0) -> Tally:
    return Tally(yes, no, abstain, present=yes + no + abstain, recused_present=0)


@pytest.mark.parametrize(
    ("majority", "yes", "no", "abstain", "carried"),
    [
        (Majority.OF_VOTES, 2, 1, 6, True),
        (Majority.OF_VOTES, 2, 2, 0, False),
        (Majority.OF_VOTES, 1, 0, 8, True),
        (Majority.OF_VOTES, 0, 0, 9, False),
        (Majority.TWO_THIRDS, 2, 1, 0, True),
        (Majority.TWO_THIRDS, 4, 2, 3, True),
        (Majority.TWO_THIRDS, 3, 2, 0, False),
        (Majority.TWO_THIRDS, 0, 0, 9, False),
        (Majority.OF_MEMBERS, 5, 4, 0, True),
        (Majority.OF_MEMBERS, 4, 0, 5, False),
        (Majority.OF_MEMBERS, 4, 4, 1, False),
    ],
)
def test_a_motion_is_carried_by_its_majority_and_a_tie_is_a_no(
    majority: Majority, yes: int, no: int, abstain: int, *, carried: bool
) -> None:
    assert procedure(majority).carried(tally(yes, no, abstain)) is carried


def test_half_of_the_members_is_no_majority_of_them() -> None:
    assert not procedure(Majority.OF_MEMBERS, seats=10).carried(tally(5, 0))
    assert procedure(Majority.OF_MEMBERS, seats=10).carried(tally(6, 4))


@given(yes=st.integers(0, 9), no=st.integers(0, 9), abstain=st.integers(0, 9), seats=st.integers(1, 18))
def test_majorities_are_what_their_fractions_say(yes: int, no: int, abstain: int, seats: int) -> None:
    counted = tally(yes, no, abstain)
    cast = yes + no
    share = Fraction(yes, cast) if cast else Fraction(0)
    assert procedure(Majority.OF_VOTES).carried(counted) is (share > Fraction(1, 2))
    assert procedure(Majority.TWO_THIRDS).carried(counted) is (share >= Fraction(2, 3))
    assert procedure(Majority.OF_MEMBERS, seats).carried(counted) is (Fraction(yes, seats) > Fraction(1, 2))


@given(
    percent=st.integers(1, 100),
    seats=st.integers(0, 60),
    present=st.integers(0, 60),
    recused=st.integers(0, 60),
)
def test_a_quorum_is_a_share_of_the_seats_that_is_never_rounded_down(
    percent: int, seats: int, present: int, recused: int
) -> None:
    recused = min(recused, present)
    enough = Fraction(present - recused) >= Fraction(seats * percent, 100) and present > recused
    assert procedure(seats=seats, quorum_percent=percent).quorate(present, recused) is enough
    enough = Fraction(present) >= Fraction(seats * percent, 100) and present > 0
    counting = procedure(seats=seats, quorum_percent=percent, recused_count_for_quorum=True)
    assert counting.quorate(present, recused) is enough


def test_a_quorum_may_be_a_count() -> None:
    of_three = procedure(quorum_percent=0, quorum_count=3)
    assert (of_three.quorate(2), of_three.quorate(3)) == (False, True)


def test_nobody_is_never_a_quorum() -> None:
    assert not procedure(seats=0).quorate(0)


def test_one_member_has_one_vote_and_a_recused_one_none() -> None:
    def vote(member: str, choice: Choice, minute: int = 0) -> Vote:
        return Vote(member, choice, _at(minute), member)

    votes = (vote("a", NO), vote("a", YES, 1), vote("b", YES), vote("c", NO))
    assert count(votes, ("a", "b", "c", "d"), ("b",)) == Tally(1, 1, 0, 4, 1)


def test_the_hash_of_a_procedure_changes_with_each_rule() -> None:
    frozen = {
        procedure().sha256,
        procedure(Majority.OF_MEMBERS).sha256,
        procedure(seats=8).sha256,
        procedure(quorum_percent=51).sha256,
        procedure(recused_count_for_quorum=True).sha256,
        procedure(cap_exception_allowed=True, cap_cents=1).sha256,
    }
    assert len(frozen) == 6
    assert procedure().sha256 == procedure().sha256


@given(
    choices=st.lists(st.sampled_from([YES, NO, ABSTAIN, None]), min_size=7, max_size=7),
    recused=st.sets(st.integers(0, 6), max_size=3),
    majority=st.sampled_from(Majority),
)
def test_a_recount_from_stored_votes_equals_the_result(
    choices: list[Choice | None], recused: set[int], majority: Majority
) -> None:
    jury, application = a_jury(7), an_application()
    session = an_open_session(jury, application, majority=majority, recused_count_for_quorum=True)
    session = session.put_motion(application.id, 50_000, (), "office", SESSION_AT)
    for number in sorted(recused):
        recusal = Recusal(jury.members[number].id, RecusalGround.DECLARED, SESSION_AT)
        session = session.recuse(application.id, (recusal,))
    for number, choice in enumerate(choices):
        if choice is not None and number not in recused:
            vote = Vote(jury.members[number].id, choice, SESSION_AT, f"member{number}")
            session = session.vote(application.id, vote, 1)
    if not session.item(application.id).votes:
        return
    counted = session.counted(application.id)
    expected = _by_hand([c for i, c in enumerate(choices) if i not in recused], majority, seats=7)
    assert session.carries(counted) is expected
    done = counted.awarded("g", "office", SESSION_AT) if expected else counted.declined("", "office", SESSION_AT)
    again = recount(session.with_item(done))
    assert again.agrees
    assert again.items[0].recounted is (ItemStatus.AWARDED if expected else ItemStatus.DECLINED)


def test_a_recount_shows_totals_that_the_votes_do_not_give() -> None:
    jury, application = a_jury(3), an_application()
    session = an_open_session(jury, application).put_motion(application.id, 50_000, (), "office", SESSION_AT)
    for member in jury.members:
        session = session.vote(application.id, Vote(member.id, Choice.YES, SESSION_AT, "by"), 1)
    awarded = session.counted(application.id).awarded("g", "office", SESSION_AT)
    told = session.with_item(replace(awarded, tally=replace(awarded.tallied(awarded.present), yes=2, no=1)))
    assert recount(session.with_item(awarded)).agrees
    assert not recount(told).agrees


def test_a_recount_shows_a_result_that_the_votes_do_not_carry() -> None:
    jury, application = a_jury(3), an_application()
    session = an_open_session(jury, application).put_motion(application.id, 50_000, (), "office", SESSION_AT)
    session = session.vote(application.id, Vote(jury.members[0].id, NO, SESSION_AT, "member1"), 1)
    forged = session.counted(application.id).awarded("g", "office", SESSION_AT)
    again = recount(session.with_item(forged))
    assert not again.agrees
    assert again.items[0].recounted is ItemStatus.DECLINED


@pytest.mark.parametrize(("cents", "agrees"), [(0, True), (40_000, True), (50_000, True), (50_001, False)])
def test_a_recount_shows_an_amount_that_nobody_resolved(cents: int, agrees: bool) -> None:
    jury, application = a_jury(3), an_application()
    session = an_open_session(jury, application).put_motion(application.id, 50_000, (), "office", SESSION_AT)
    session = session.vote(application.id, Vote(jury.members[0].id, YES, SESSION_AT, "member1"), 1)
    awarded = session.counted(application.id).awarded("g", "office", SESSION_AT)
    assert recount(session.with_item(awarded.revised(cents, "office"))).agrees is agrees
    assert recount(session.with_item(replace(awarded, approved_cents=cents))).agrees is (cents == 50_000)


def _by_hand(choices: list[Choice | None], majority: Majority, seats: int) -> bool:
    yes, no = choices.count(YES), choices.count(NO)
    if majority is Majority.OF_VOTES:
        return yes > no
    if majority is Majority.OF_MEMBERS:
        return yes > seats / 2
    return yes > 0 and yes / (yes + no) >= 2 / 3


def _at(minute: int) -> datetime:
    return SESSION_AT + timedelta(minutes=minute)
