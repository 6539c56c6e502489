"""Meeting, written procedure and assembly: every command in every status of each kind, and how votes in writing end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from chassis.ports import end_of_day
from chassis.refusals import NotNow
from services.funds.domain.agenda_item import ItemStatus, Recusal, RecusalGround
from services.funds.domain.assembly import count_hands, open_assembly, recorded
from services.funds.domain.correction import correct_count, correct_vote, recuse_later
from services.funds.domain.hands import Hands
from services.funds.domain.jury import Seat
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury import NotSitting
from services.funds.domain.refusals.jury_session import (
    AgendaEmpty,
    ItemIsConcluded,
    NotQuorate,
    SessionNotToday,
    SubstituteHasNoVote,
    VotingGoesOn,
    VotingIsOver,
)
from services.funds.domain.session_status import SessionKind, SessionStatus
from services.funds.domain.vote import Choice, Vote
from services.funds.domain.written_procedure import (
    open_written,
    require_in_time,
    require_voter,
    require_voting_over,
)
from tests.support.funds import YEAR, rules
from tests.support.funds_decision import SESSION_AT, a_jury, a_member, a_procedure, a_session, an_application, votes

S = SessionStatus
Kind = SessionKind
JURY, APPLICATION = a_jury(5), an_application()
IDS = tuple(member.id for member in JURY.members)
OF_ALL = Procedure.freeze(rules(decision_body="assembly", quorum_percent=0, quorum_count=5), 1, seats=0)
HANDS = Hands(12, 4, 2, 20, "host", SESSION_AT)
RECUSAL = Recusal(IDS[0], RecusalGround.DECLARED, SESSION_AT, "office", "Nachbar")
UNTIL = end_of_day(SESSION_AT.date() + timedelta(days=7))


def held(kind: Kind) -> JurySession:
    """A session of this kind with a motion, and with three votes or a count."""
    ends_at = UNTIL if kind is Kind.WRITTEN_PROCEDURE else SESSION_AT + timedelta(hours=2)
    session = a_session(JURY, kind=kind, attended=20, present=IDS, ends_at=ends_at).put_on(APPLICATION)
    frozen = session.frozen(OF_ALL if kind is Kind.ASSEMBLY else a_procedure(JURY), "office", SESSION_AT)
    item = frozen.item(APPLICATION.id).moved(50_000, (), "office", SESSION_AT)
    if kind is Kind.ASSEMBLY:
        return frozen.with_item(replace(item, hands=HANDS))
    return frozen.with_item(replace(item, votes=votes(JURY, Choice.YES, Choice.YES, Choice.NO)))


def uncounted(session: JurySession) -> JurySession:
    return session.with_item(replace(session.agenda[0], hands=None))


STEPS: dict[str, tuple[Callable[[JurySession], object], set[Kind], set[S]]] = {
    "invite": (JurySession.invite, {Kind.MEETING, Kind.WRITTEN_PROCEDURE}, {S.PLANNED, S.INVITED}),
    "open": (lambda s: s.open(JURY, IDS, a_procedure(JURY), "office", SESSION_AT), {Kind.MEETING}, {S.INVITED}),
    "open_written": (
        lambda s: open_written(s, a_procedure(JURY), "office", SESSION_AT),
        {Kind.WRITTEN_PROCEDURE},
        {S.INVITED},
    ),
    "open_assembly": (lambda s: open_assembly(s, 20, OF_ALL, "host", SESSION_AT), {Kind.ASSEMBLY}, {S.PLANNED}),
    "attend": (lambda s: s.attend(JURY, IDS, SESSION_AT), {Kind.MEETING}, {S.OPEN}),
    "record": (lambda s: recorded(s, 21), {Kind.ASSEMBLY}, {S.OPEN}),
    "count_hands": (lambda s: count_hands(uncounted(s), APPLICATION.id, HANDS, 0), {Kind.ASSEMBLY}, {S.OPEN}),
    "correct_count": (
        lambda s: correct_count(s, APPLICATION.id, 11, 5, 2, "verzählt", "host", SESSION_AT),
        {Kind.ASSEMBLY},
        {S.OPEN, S.CLOSED},
    ),
    "correct_vote": (
        lambda s: correct_vote(s, APPLICATION.id, IDS[0], Choice.ABSTAIN, "verhört", "office", SESSION_AT),
        {Kind.MEETING, Kind.WRITTEN_PROCEDURE},
        {S.OPEN, S.CLOSED},
    ),
    "recuse_later": (lambda s: recuse_later(s, APPLICATION.id, RECUSAL, "Nachbar"), set(Kind), {S.OPEN, S.CLOSED}),
    "count": (lambda s: s.counted(APPLICATION.id), set(Kind), {S.OPEN}),
    "motion": (lambda s: s.put_motion(APPLICATION.id, 1, (), "office", SESSION_AT), set(Kind), {S.OPEN}),
    "defer": (lambda s: s.defer(APPLICATION.id, "später", "office", SESSION_AT), set(Kind), {S.OPEN}),
    "cancel": (lambda s: s.cancel("krank"), set(Kind), {S.PLANNED, S.INVITED}),
    "minutes": (lambda s: s.approve_minutes("office", SESSION_AT), set(Kind), {S.CLOSED}),
}


@pytest.mark.parametrize(("name", "kind"), list(product(STEPS, Kind)))
def test_a_command_is_carried_out_in_its_kind_and_status_and_refused_with_either_elsewhere(
    name: str, kind: Kind
) -> None:
    step, kinds, allowed = STEPS[name]
    for status in S:
        session = replace(held(kind), status=status)
        if kind in kinds and status in allowed:
            step(session)
            continue
        with pytest.raises(NotNow) as refused:
            step(session)
        reasons = {f"SESSION_{status.upper()}"} if status not in allowed else set()
        reasons |= set() if kind in kinds else {f"SESSION_IS_{kind.upper()}", "NOTHING_TO_CORRECT"}
        assert refused.value.reason in reasons


@pytest.mark.parametrize("status", [ItemStatus.DEFERRED, ItemStatus.WITHDRAWN])
def test_what_was_not_decided_is_not_corrected(status: ItemStatus) -> None:
    session = replace(held(Kind.MEETING), status=S.OPEN)
    session = session.with_item(replace(session.agenda[0], status=status))
    for step in ("correct_vote", "recuse_later"):
        with pytest.raises(ItemIsConcluded):
            STEPS[step][0](session)


def test_a_recusal_that_is_found_later_opens_what_the_member_took_part_in_and_only_that() -> None:
    session = replace(held(Kind.MEETING), status=S.OPEN)
    awarded = session.counted(APPLICATION.id).awarded("g", "office", SESSION_AT)
    closed = session.with_item(awarded).close()
    reopened = recuse_later(closed, APPLICATION.id, RECUSAL, "Nachbar")
    item = reopened.item(APPLICATION.id)
    assert (reopened.status, item.status, item.voters, item.grant_id) == (S.OPEN, ItemStatus.OPEN, IDS[1:3], "")
    assert [(vote.before, vote.after) for vote in item.corrected_votes] == [(Choice.YES, None)]
    was_away = closed.with_item(replace(awarded, present=IDS[:4]))
    away = recuse_later(was_away, APPLICATION.id, replace(RECUSAL, member_id=IDS[4]), "Nachbar")
    assert (away.status, away.item(APPLICATION.id).status) == (S.CLOSED, ItemStatus.AWARDED)
    assert recuse_later(away, APPLICATION.id, replace(RECUSAL, member_id=IDS[4]), "Nachbar") == away


@pytest.mark.parametrize(
    ("until", "ends_at"),
    [
        (date(YEAR, 3, 28), datetime(YEAR, 3, 28, 22, 0, tzinfo=UTC)),
        (date(YEAR, 10, 31), datetime(YEAR, 10, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_votes_in_writing_count_to_the_midnight_of_their_last_day_also_when_summer_time_turns(
    until: date, ends_at: datetime
) -> None:
    session = replace(held(Kind.WRITTEN_PROCEDURE), ends_at=end_of_day(until), status=S.OPEN)
    assert session.ends_at == ends_at
    before = ends_at - timedelta(milliseconds=1)
    require_in_time(session, before)
    with pytest.raises(VotingGoesOn):
        require_voting_over(session, before)
    with pytest.raises(VotingIsOver):
        require_in_time(session, ends_at)
    require_voting_over(session, ends_at)
    moved = replace(session, status=S.PLANNED).move(SESSION_AT, ends_at, "Aula", SESSION_AT - timedelta(days=9))
    assert moved.ends_at == ends_at


def test_only_a_written_procedure_has_hours_for_its_votes() -> None:
    for kind in (Kind.MEETING, Kind.ASSEMBLY):
        require_in_time(held(kind), UNTIL + timedelta(days=9))
        require_voting_over(held(kind), SESSION_AT)
        require_voter(held(kind), a_member(seat=Seat.SUBSTITUTE), SESSION_AT.date())
    with pytest.raises(SubstituteHasNoVote):
        require_voter(held(Kind.WRITTEN_PROCEDURE), a_member(seat=Seat.SUBSTITUTE), SESSION_AT.date())


@pytest.mark.parametrize("kind", Kind)
def test_whose_term_does_not_hold_has_no_vote_and_a_seat_that_changes_hands_has_one(kind: Kind) -> None:
    today = SESSION_AT.date() + timedelta(days=3)
    gone = a_member(until_on=today - timedelta(days=1))
    come = a_member(from_on=today)
    for member in (gone, come):
        with pytest.raises(NotSitting):
            require_voter(held(kind), member, today)


def test_in_writing_those_who_voted_are_the_quorum() -> None:
    session = replace(held(Kind.WRITTEN_PROCEDURE), status=S.OPEN, present=())
    assert session.counted(APPLICATION.id).present == IDS[:3]
    two = session.with_item(replace(session.agenda[0], votes=session.agenda[0].votes[:2]))
    with pytest.raises(NotQuorate) as refused:
        two.counted(APPLICATION.id)
    assert refused.value.details == {"present": "2", "needed": "3"}
    vote = Vote(IDS[4], Choice.ABSTAIN, SESSION_AT, "member5")
    assert two.vote(APPLICATION.id, vote, 1).counted(APPLICATION.id).tally


def test_nothing_opens_before_its_day_after_its_end_or_without_an_agenda() -> None:
    early, late = SESSION_AT - timedelta(days=1), UNTIL
    written = replace(held(Kind.WRITTEN_PROCEDURE), status=S.INVITED)
    with pytest.raises(SessionNotToday):
        open_written(written, a_procedure(JURY), "office", early)
    with pytest.raises(VotingIsOver):
        open_written(written, a_procedure(JURY), "office", late)
    with pytest.raises(SessionNotToday):
        open_assembly(held(Kind.ASSEMBLY), 20, OF_ALL, "host", early)
    with pytest.raises(AgendaEmpty):
        open_assembly(a_session(kind=Kind.ASSEMBLY), 20, OF_ALL, "host", SESSION_AT)
