"""An assembly (Kiezkassenversammlung): all who are there decide, by counted hands, on project and amount."""

from dataclasses import replace
from datetime import datetime

from chassis.ports import berlin_day
from services.funds.domain.hands import Hands
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury_session import AgendaEmpty, NotQuorate, SessionNotToday
from services.funds.domain.session_status import SessionKind, SessionStatus


def open_assembly(session: JurySession, attended: int, procedure: Procedure, by: str, at: datetime) -> JurySession:
    """Begin with so many people, if they are enough; nobody is invited by name, so it opens as it was planned."""
    session.require_kind(SessionKind.ASSEMBLY)
    session.require(SessionStatus.PLANNED)
    if not session.agenda:
        raise AgendaEmpty
    if berlin_day(at) < berlin_day(session.starts_at):
        raise SessionNotToday
    if not procedure.quorate(attended):
        raise NotQuorate(attended, procedure.quorum)
    return replace(session.frozen(procedure, by, at), status=SessionStatus.OPEN, attended=attended)


def recorded(session: JurySession, attended: int) -> JurySession:
    """So many are there from now on; what was counted before stays."""
    session.require_kind(SessionKind.ASSEMBLY)
    session.require(SessionStatus.OPEN)
    return replace(session, attended=attended)


def count_hands(session: JurySession, application_id: str, hands: Hands, motion_number: int) -> JurySession:
    session.require_kind(SessionKind.ASSEMBLY)
    session.require(SessionStatus.OPEN)
    return session.with_item(session.item(application_id).raised(hands.checked(), motion_number))
