"""What was decided, and why, as everyone may know it: of a private person no word, of a refusal only what was agreed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from chassis.ports import berlin_day
from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.application import Application
from services.funds.domain.grant import Grant
from services.funds.domain.jury_session import JurySession
from services.funds.domain.session_status import SessionStatus


@dataclass(frozen=True, slots=True)
class Votes:
    """The totals of a vote; who was recused was biased and did not vote."""

    yes: int
    no: int
    abstain: int
    recused: int


@dataclass(frozen=True, slots=True)
class AwardTold:
    """An award. `grant` is its public projection; `votes` and `conditions` are there once the minutes are approved."""

    grant: Grant
    votes: Votes | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalTold:
    """An item that got nothing. `title` and `reason` are empty unless an organisation agreed to their publication."""

    session_id: str
    number: int
    decided_on: date
    outcome: ItemStatus
    requested_cents: int
    votes: Votes | None
    title: str = ""
    reason: str = ""


def award_told(grant: Grant, session: JurySession | None) -> AwardTold:
    """Before its minutes are approved a session tells nothing of how it came to a decision."""
    item = _item_of(grant, session) if session and session.status is SessionStatus.MINUTES_APPROVED else None
    if item is None:
        return AwardTold(grant.public())
    return AwardTold(grant.public(), _votes(item), () if grant.is_private_person else grant.conditions)


def refusals_told(session: JurySession, applications: Mapping[str, Application]) -> tuple[RefusalTold, ...]:
    """The items of a session with approved minutes that were declined or put off."""
    if session.status is not SessionStatus.MINUTES_APPROVED:
        return ()
    without = session.ended(ItemStatus.DECLINED, ItemStatus.DEFERRED)
    return tuple(_refusal_told(session, item, applications.get(item.application_id)) for item in without)


def told_of(sessions: Iterable[JurySession]) -> tuple[str, ...]:
    """The applications whose title or reason may have to be told."""
    items = (item for session in sessions for item in session.ended(ItemStatus.DECLINED, ItemStatus.DEFERRED))
    return tuple(item.application_id for item in items)


def _refusal_told(session: JurySession, item: AgendaItem, application: Application | None) -> RefusalTold:
    agreed = (
        application is not None
        and not application.is_private_person
        and application.form.declarations.agrees_to_publication
    )
    return RefusalTold(
        session_id=session.id,
        number=item.number,
        decided_on=berlin_day(item.concluded_at or session.starts_at),
        outcome=item.status,
        requested_cents=item.requested_cents,
        votes=_votes(item),
        title=item.title if agreed else "",
        reason=item.reason if agreed else "",
    )


def _item_of(grant: Grant, session: JurySession) -> AgendaItem | None:
    return next((item for item in session.agenda if item.grant_id == grant.id), None)


def _votes(item: AgendaItem) -> Votes | None:
    if item.tally is None:
        return None
    return Votes(item.tally.yes, item.tally.no, item.tally.abstain, len(item.recusals))
