"""A motion of a session: within which bounds it is put, who votes on it, and when it is decided."""

import pytest

from services.funds.domain.agenda_item import ExceptionResolution, Recusal, RecusalGround
from services.funds.domain.refusals.application import CapHasNoException
from services.funds.domain.refusals.grant import ApprovedAboveRequested
from services.funds.domain.refusals.jury_session import (
    MemberIsRecused,
    MotionChanged,
    NoMotion,
    NotPresent,
    NotQuorate,
    NoVotes,
)
from services.funds.domain.vote import Choice
from tests.support.funds_decision import SESSION_AT, an_open_session
from tests.support.funds_open_session import APPLICATION, JURY, OPEN, PRESENT, RECUSAL, VOTE, vote


def test_the_quorum_is_asked_for_again_at_every_vote_and_at_the_count() -> None:
    voted = OPEN.vote(APPLICATION.id, VOTE, 0)
    thinned = voted.attend(JURY, PRESENT[:2], SESSION_AT)
    with pytest.raises(NotQuorate):
        thinned.vote(APPLICATION.id, VOTE, 0)
    with pytest.raises(NotQuorate):
        thinned.counted(APPLICATION.id)


def test_recused_members_leave_the_quorum_unless_the_rules_say_otherwise() -> None:
    recusals = tuple(Recusal(member.id, RecusalGround.DECLARED, SESSION_AT) for member in JURY.members[:3])
    for counts in (False, True):
        session = an_open_session(JURY, APPLICATION, recused_count_for_quorum=counts)
        session = session.recuse(APPLICATION.id, recusals).put_motion(APPLICATION.id, 1, (), "office", SESSION_AT)
        if counts:
            assert session.vote(APPLICATION.id, vote(4), 0).item(APPLICATION.id).votes
        else:
            with pytest.raises(NotQuorate) as refused:
                session.vote(APPLICATION.id, vote(4), 0)
            assert refused.value.details == {"present": "2", "needed": "3"}


def test_a_recused_member_cannot_vote_and_loses_a_vote_already_cast() -> None:
    session = OPEN.vote(APPLICATION.id, vote(1), 0).recuse(APPLICATION.id, (RECUSAL,))
    assert session.item(APPLICATION.id).votes == ()
    with pytest.raises(MemberIsRecused):
        session.vote(APPLICATION.id, vote(1), 0)


def test_who_is_not_there_does_not_vote() -> None:
    session = OPEN.attend(JURY, PRESENT[1:], SESSION_AT)
    with pytest.raises(NotPresent):
        session.vote(APPLICATION.id, VOTE, 0)


def test_a_new_motion_clears_the_votes_and_nobody_votes_on_what_they_did_not_see() -> None:
    voted = OPEN.vote(APPLICATION.id, VOTE, 1)
    changed = voted.put_motion(APPLICATION.id, 60_000, ("Rechnung",), "office", SESSION_AT)
    assert changed.item(APPLICATION.id).votes == ()
    with pytest.raises(MotionChanged) as refused:
        changed.vote(APPLICATION.id, VOTE, 1)
    assert refused.value.details == {"motion_number": "2"}


def test_a_vote_may_be_changed_until_the_count() -> None:
    session = OPEN.vote(APPLICATION.id, VOTE, 0).vote(APPLICATION.id, vote(0, Choice.NO), 0)
    tally = session.counted(APPLICATION.id).tally
    assert tally is not None
    assert (tally.yes, tally.no) == (0, 1)


def test_no_motion_goes_beyond_what_was_asked_for() -> None:
    with pytest.raises(ApprovedAboveRequested):
        OPEN.put_motion(APPLICATION.id, 80_001, (), "office", SESSION_AT)


def test_without_a_motion_or_a_vote_nothing_is_decided() -> None:
    session = an_open_session(JURY, APPLICATION)
    with pytest.raises(NoMotion):
        session.vote(APPLICATION.id, VOTE, 0)
    with pytest.raises(NoMotion):
        session.counted(APPLICATION.id)
    with pytest.raises(NoVotes):
        OPEN.counted(APPLICATION.id)


def test_an_exception_from_the_cap_needs_rules_that_allow_it() -> None:
    resolution = ExceptionResolution("einmalig", "office", SESSION_AT)
    with pytest.raises(CapHasNoException):
        OPEN.except_from_cap(APPLICATION.id, resolution)
    generous = an_open_session(JURY, APPLICATION, cap_exception_allowed=True)
    assert generous.except_from_cap(APPLICATION.id, resolution).item(APPLICATION.id).exception == resolution
