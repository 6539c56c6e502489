"""A session: its life, its agenda, and what is said of it to whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.facts.jury_session import MinutesApproved, SessionInvited, SessionOpened
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.jury_session import (
    AgendaEmpty,
    ItemIsConcluded,
    ItemNotFound,
    ItemsAreOpen,
    ItemThereAlready,
    SessionInState,
    SessionNotToday,
    SessionTimesWrong,
)
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice
from services.funds.messages.published import session as messages
from tests.support.funds_decision import RECEIVED, SESSION_AT, a_procedure, a_session, an_application, in_status, votes
from tests.support.funds_open_session import APPLICATION, JURY, OPEN, PRESENT, RECUSAL, VOTE

S = SessionStatus
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
