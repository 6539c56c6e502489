"""A written procedure (Umlaufverfahren): a jury decides without a meeting, by votes that come in until a day is over."""

from dataclasses import replace
from datetime import date, datetime

from chassis.ports import berlin_day
from services.funds.domain.jury import JuryMember, Seat
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury import NotSitting
from services.funds.domain.refusals.jury_session import (
    SessionNotToday,
    SubstituteHasNoVote,
    VotingGoesOn,
    VotingIsOver,
)
from services.funds.domain.session_status import SessionKind, SessionStatus

# What stands in place of a place.
IN_WRITING = "Umlaufverfahren"


def open_written(session: JurySession, procedure: Procedure, by: str, at: datetime) -> JurySession:
    """Take votes from now on; nobody need be there, and the quorum is asked for when they are counted."""
    session.require(SessionStatus.INVITED)
    session.require_kind(SessionKind.WRITTEN_PROCEDURE)
    if berlin_day(at) < berlin_day(session.starts_at):
        raise SessionNotToday
    require_in_time(session, at)
    return replace(session.frozen(procedure, by, at), status=SessionStatus.OPEN)


def require_in_time(session: JurySession, at: datetime) -> None:
    """By the calendar, not by whether the clock has closed it: what comes at `ends_at` is late."""
    if session.kind is SessionKind.WRITTEN_PROCEDURE and at >= session.ends_at:
        raise VotingIsOver(session.ends_at)


def require_voting_over(session: JurySession, at: datetime) -> None:
    """Nothing is counted while votes may still come or change."""
    if session.kind is SessionKind.WRITTEN_PROCEDURE and at < session.ends_at:
        raise VotingGoesOn(session.ends_at)


def require_voter(session: JurySession, member: JuryMember, day: date) -> None:
    """A vote is that of whoever sits on this day and sat when it began, or a seat that changes hands would vote twice.

    In writing a substitute, who sits for a member who is away, has no vote, for nobody is.
    """
    if not member.sits_on(day, berlin_day(session.opened_at) if session.opened_at else day):
        raise NotSitting
    if session.kind is SessionKind.WRITTEN_PROCEDURE and member.seat is Seat.SUBSTITUTE:
        raise SubstituteHasNoVote
