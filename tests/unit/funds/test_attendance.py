"""Who is there in a session: members of today, one for each seat, and enough of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.funds.domain.jury import Jury, Seat
from services.funds.domain.refusals.jury_session import NotOfThisJury, NotQuorate, SeatsHaveVoted, TooManySubstitutes
from services.funds.domain.session_result import ItemResult
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice, Vote
from tests.support.funds_decision import SESSION_AT, a_member, an_open_session, votes
from tests.support.funds_open_session import APPLICATION, JURY, OPEN, PRESENT, vote

S = SessionStatus


def test_too_few_members_open_nothing() -> None:
    with pytest.raises(NotQuorate) as refused:
        an_open_session(JURY, present=2)
    assert refused.value.details == {"present": "2", "needed": "3"}
    assert an_open_session(JURY, present=3).status is S.OPEN


def test_only_members_whose_term_holds_today_are_present() -> None:
    stranger = a_member(99)
    with pytest.raises(NotOfThisJury) as refused:
        OPEN.attend(JURY, (PRESENT[0], stranger.id), SESSION_AT)
    assert "present_member_ids[1]" in refused.value.fields
    past = replace(JURY.members[0], until_on=SESSION_AT.date() - timedelta(days=1))
    with pytest.raises(NotOfThisJury):
        OPEN.attend(replace(JURY, members=(past, *JURY.members[1:])), PRESENT, SESSION_AT)


def test_a_substitute_sits_only_for_a_member_who_is_away() -> None:
    substitute = a_member(9, seat=Seat.SUBSTITUTE)
    jury: Jury = replace(JURY, members=(*JURY.members, substitute))
    assert OPEN.attend(jury, (*PRESENT[1:], substitute.id), SESSION_AT).present
    with pytest.raises(TooManySubstitutes):
        OPEN.attend(jury, (*PRESENT, substitute.id), SESSION_AT)


def test_a_seat_votes_once_though_a_substitute_went_when_the_member_came() -> None:
    substitute = a_member(9, seat=Seat.SUBSTITUTE)
    jury: Jury = replace(JURY, members=(*JURY.members, substitute))
    session = OPEN.attend(jury, (*PRESENT[1:], substitute.id), SESSION_AT)
    for number in range(1, 5):
        session = session.vote(APPLICATION.id, vote(number), 0)
    session = session.vote(APPLICATION.id, Vote(substitute.id, Choice.YES, SESSION_AT, "member9"), 0)
    back = session.attend(jury, PRESENT, SESSION_AT)
    with pytest.raises(SeatsHaveVoted):
        back.vote(APPLICATION.id, vote(0), 0)
    assert len(back.vote(APPLICATION.id, vote(1, Choice.NO), 0).item(APPLICATION.id).votes) == 5
    again = back.put_motion(APPLICATION.id, 50_000, (), "office", SESSION_AT)
    assert again.vote(APPLICATION.id, vote(0), 0).item(APPLICATION.id).votes == (vote(0),)


def test_who_came_to_a_seat_after_the_session_began_is_not_there_though_other_seats_are_silent() -> None:
    gone = replace(JURY.members[0], until_on=SESSION_AT.date())
    come = a_member(9, from_on=SESSION_AT.date() + timedelta(days=1))
    jury = replace(JURY, members=(gone, *JURY.members[1:])).seat(come)
    session = OPEN.attend(jury, PRESENT[:3], SESSION_AT).vote(APPLICATION.id, vote(0), 0)
    with pytest.raises(NotOfThisJury) as refused:
        session.attend(jury, (*PRESENT[1:3], come.id), SESSION_AT + timedelta(days=1))
    assert "present_member_ids[2]" in refused.value.fields


def test_who_voted_and_left_took_part_and_the_totals_say_how_many_did() -> None:
    session = OPEN
    for cast in votes(JURY, *[Choice.YES] * 3, Choice.NO, Choice.NO):
        session = session.vote(APPLICATION.id, cast, 0)
    counted = session.attend(JURY, PRESENT[:3], SESSION_AT).counted(APPLICATION.id)
    assert counted.tally is not None
    assert (counted.tally.yes + counted.tally.no, counted.tally.present, counted.took_part) == (5, 3, 5)
    result = ItemResult.of(counted.awarded("g", "office", SESSION_AT))
    assert (result.yes, result.no, result.present, result.took_part) == (3, 2, 3, 5)
    assert counted.awarded("g", "office", SESSION_AT).reopened().took_part == 0
