"""A session: its life, its quorum, its motions, and who may vote on what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.funds.domain.agenda_item import AgendaItem, ExceptionResolution, ItemStatus, Recusal, RecusalGround
from services.funds.domain.facts.jury_session import MinutesApproved, SessionInvited, SessionOpened
from services.funds.domain.jury import Jury, Seat
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.application import CapHasNoException
from services.funds.domain.refusals.grant import ApprovedAboveRequested
from services.funds.domain.refusals.jury_session import (
    AgendaEmpty,
    ItemIsConcluded,
    ItemNotFound,
    ItemsAreOpen,
    ItemThereAlready,
    MemberIsRecused,
    MotionChanged,
    NoMotion,
    NotOfThisJury,
    NotPresent,
    NotQuorate,
    NoVotes,
    SeatsHaveVoted,
    SessionInState,
    SessionNotToday,
    SessionTimesWrong,
    TooManySubstitutes,
)
from services.funds.domain.session_result import ItemResult
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice, Vote
from services.funds.messages.published import session as messages
from tests.support.funds_decision import (
    RECEIVED,
    SESSION_AT,
    a_jury,
    a_member,
    a_procedure,
    a_session,
    an_application,
    an_open_session,
    in_status,
    votes,
)

S = SessionStatus
JURY = a_jury(5)
APPLICATION = an_application()
OPEN = an_open_session(JURY, APPLICATION).put_motion(APPLICATION.id, 50_000, (), "office", SESSION_AT)
PRESENT = tuple(member.id for member in JURY.members)
VOTE = Vote(PRESENT[0], Choice.YES, SESSION_AT, "member1")
RECUSAL = Recusal(PRESENT[1], RecusalGround.DECLARED, SESSION_AT)
CLOSED_ITEM = replace(OPEN, agenda=(OPEN.agenda[0].declined("", "office", SESSION_AT),))

STEPS: dict[str, tuple[JurySession, Callable[[JurySession], object], set[S]]] = {
    "move": (OPEN, lambda s: s.move(SESSION_AT, s.ends_at, "Aula", RECEIVED), {S.PLANNED, S.INVITED}),
    "put_on": (OPEN, lambda s: s.put_on(an_application()), {S.PLANNED, S.INVITED}),
    "take_off": (OPEN, lambda s: s.take_off(APPLICATION.id, "anna", SESSION_AT), {S.PLANNED, S.INVITED, S.OPEN}),
    "invite": (OPEN, JurySession.invite, {S.PLANNED, S.INVITED}),
    "open": (OPEN, lambda s: s.open(JURY, PRESENT, a_procedure(JURY), "office", SESSION_AT), {S.INVITED}),
    "attend": (OPEN, lambda s: s.attend(JURY, PRESENT, SESSION_AT), {S.OPEN}),
    "motion": (OPEN, lambda s: s.put_motion(APPLICATION.id, 1, (), "office", SESSION_AT), {S.OPEN}),
    "vote": (OPEN, lambda s: s.vote(APPLICATION.id, VOTE, 0), {S.OPEN}),
    "recuse": (OPEN, lambda s: s.recuse(APPLICATION.id, (RECUSAL,)), {S.INVITED, S.OPEN}),
    "defer": (OPEN, lambda s: s.defer(APPLICATION.id, "später", "office", SESSION_AT), {S.OPEN}),
    "count": (OPEN.vote(APPLICATION.id, VOTE, 0), lambda s: s.counted(APPLICATION.id), {S.OPEN}),
    "close": (CLOSED_ITEM, JurySession.close, {S.OPEN}),
    "minutes": (CLOSED_ITEM, lambda s: s.approve_minutes("office", SESSION_AT), {S.CLOSED}),
    "cancel": (OPEN, lambda s: s.cancel("krank"), {S.PLANNED, S.INVITED}),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_where_it_is_allowed_and_refused_with_the_state_elsewhere(name: str, status: S) -> None:
    session, step, allowed = STEPS[name]
    if status in allowed:
        step(in_status(session, status))
    else:
        with pytest.raises(SessionInState) as refused:
            step(in_status(session, status))
        assert refused.value.reason == f"SESSION_{status.upper()}"


def vote(member: int, choice: Choice = Choice.YES) -> Vote:
    return Vote(JURY.members[member].id, choice, SESSION_AT, f"member{member + 1}")


def test_too_few_members_open_nothing() -> None:
    with pytest.raises(NotQuorate) as refused:
        an_open_session(JURY, present=2)
    assert refused.value.details == {"present": "2", "needed": "3"}
    assert an_open_session(JURY, present=3).status is S.OPEN


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


def concluded(status: ItemStatus) -> AgendaItem:
    return replace(OPEN.agenda[0], status=status)


@pytest.mark.parametrize("status", [status for status in ItemStatus if status is not ItemStatus.OPEN])
def test_a_concluded_item_takes_nothing_more(status: ItemStatus) -> None:
    session = OPEN.with_item(concluded(status))
    for step in (
        lambda: session.put_motion(APPLICATION.id, 1, (), "office", SESSION_AT),
        lambda: session.vote(APPLICATION.id, VOTE, 0),
        lambda: session.recuse(APPLICATION.id, (RECUSAL,)),
        lambda: session.counted(APPLICATION.id),
        lambda: session.defer(APPLICATION.id, "später", "office", SESSION_AT),
        lambda: session.take_off(APPLICATION.id, "anna", SESSION_AT),
    ):
        with pytest.raises(ItemIsConcluded):
            step()


def test_a_session_closes_when_every_item_is_concluded() -> None:
    with pytest.raises(ItemsAreOpen) as refused:
        OPEN.close()
    assert refused.value.details == {"open_items": "1"}
    assert OPEN.defer(APPLICATION.id, "später", "office", SESSION_AT).close().status is S.CLOSED


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


def test_a_session_opens_on_its_day() -> None:
    session = a_session(JURY).put_on(APPLICATION).invite()
    with pytest.raises(SessionNotToday):
        session.open(JURY, PRESENT, a_procedure(JURY), "office", SESSION_AT - timedelta(days=1))


def test_nobody_is_invited_to_an_empty_agenda() -> None:
    with pytest.raises(AgendaEmpty):
        a_session(JURY).invite()


def test_an_application_stands_on_an_agenda_once() -> None:
    with pytest.raises(ItemThereAlready):
        a_session(JURY).put_on(APPLICATION).put_on(APPLICATION)
    with pytest.raises(ItemNotFound):
        a_session(JURY).item(APPLICATION.id)


@pytest.mark.parametrize(
    ("starts", "ends"), [(timedelta(0), timedelta(hours=1)), (timedelta(hours=2), timedelta(hours=2))]
)
def test_a_session_lies_ahead_and_ends_after_it_begins(starts: timedelta, ends: timedelta) -> None:
    with pytest.raises(SessionTimesWrong):
        a_session(JURY).move(RECEIVED + starts, RECEIVED + ends, "Aula", RECEIVED)


def test_an_exception_from_the_cap_needs_rules_that_allow_it() -> None:
    resolution = ExceptionResolution("einmalig", "office", SESSION_AT)
    with pytest.raises(CapHasNoException):
        OPEN.except_from_cap(APPLICATION.id, resolution)
    generous = an_open_session(JURY, APPLICATION, cap_exception_allowed=True)
    assert generous.except_from_cap(APPLICATION.id, resolution).item(APPLICATION.id).exception == resolution


def test_the_public_sees_no_agenda_before_the_minutes_and_only_totals_after() -> None:
    session = OPEN.recuse(APPLICATION.id, (RECUSAL,))
    for cast in votes(JURY, Choice.YES):
        session = session.vote(APPLICATION.id, cast, 0)
    item = session.counted(APPLICATION.id).declined("zu teuer", "office", SESSION_AT)
    closed = session.with_item(item).close()
    assert (closed.public().agenda, closed.results) == ((), ())
    minutes = closed.approve_minutes("office", SESSION_AT)
    shown = minutes.public().agenda[0]
    assert (shown.application_id, shown.title, shown.votes, shown.reason) == ("", "", (), "")
    assert shown.recusals[0].member_id == ""
    said = messages.MinutesApproved.model_validate(MinutesApproved(minutes))
    assert said.results[0].model_dump() == {
        "number": 1,
        "outcome": "declined",
        "approved_cents": 0,
        "yes": 1,
        "no": 0,
        "abstain": 0,
        "recused": 1,
        "present": 5,
        "recused_present": 1,
        "took_part": 5,
    }
    assert said.audience_now() == "pub"


def test_an_invitation_names_nobody_and_no_private_project() -> None:
    person = an_application(applicant_actor_id="")
    invited = a_session(JURY).put_on(person).invite()
    said = messages.SessionInvited.model_validate(SessionInvited(invited, ("person1",)))
    assert (said.audience_now(), said.agenda[0].title) == ("int", "Projekt einer Privatperson")


def test_the_opening_says_how_many_came_and_the_hash_of_the_procedure() -> None:
    said = messages.SessionOpened.model_validate(SessionOpened(OPEN))
    assert (said.present, said.seats, said.procedure_sha256) == (5, 5, a_procedure(JURY).sha256)
