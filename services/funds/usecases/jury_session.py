"""Jury sessions before they begin: planned, put together, called, moved or cancelled; and who reads what of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from annotated_types import MaxLen, MinLen

from chassis.fields import Check, Id, Line, OptionalId, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, berlin_day, new_id
from lor import CITY, OptionalRegion, within
from services.funds.domain.facts.application import ApplicationScheduled, ApplicationUnscheduled
from services.funds.domain.facts.jury_session import (
    SessionCancelled,
    SessionInvited,
    SessionMoved,
    SessionPlanned,
)
from services.funds.domain.fund_rules import DecisionBody
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.jury import NoJuryForThis
from services.funds.domain.refusals.jury_session import ItemElsewhere, JuryElsewhere
from services.funds.domain.session_status import SessionKind, SessionStatus
from services.funds.usecases.application import Reason
from services.funds.usecases.deferring import DeferringUseCases
from services.funds.usecases.ports import Applications, Budgets, Funds, Juries, Rounds, Sessions

Instant = Annotated[datetime, Check(lambda v: 2000 <= v.year <= 2200, "must be between the years 2000 and 2200")]


@dataclass(frozen=True, slots=True)
class PlanSession:
    jury_id: Id
    budget_id: Id
    title: Line
    starts_at: Instant
    ends_at: Instant
    place: Line
    round_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class MoveSession:
    session_id: Id
    starts_at: Instant
    ends_at: Instant
    place: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleApplications:
    session_id: Id
    application_ids: Annotated[tuple[Id, ...], MinLen(1), MaxLen(60)]


@dataclass(frozen=True, slots=True)
class InviteJury:
    session_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class CancelSession:
    session_id: Id
    reason: Reason
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetSession:
    session_id: Id


@dataclass(frozen=True, slots=True)
class ListSessions:
    region: OptionalRegion = ""
    fund_id: OptionalId = ""
    status: SessionStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


class PlansForJury(Protocol):
    """PlanSession, or PlanWrittenProcedure."""

    @property
    def jury_id(self) -> str: ...


def as_seen_by(session: JurySession, caller: Caller) -> JurySession:
    """Agenda and votes are for the office, the jury and the auditor; everyone else has dates and totals."""
    inside = caller.may("fund_office", "jury", "auditor", region=session.region)
    return session if inside else session.public()


class SessionUseCases:
    def __init__(
        self,
        funds: Funds,
        budgets: Budgets,
        rounds: Rounds,
        juries: Juries,
        sessions: Sessions,
        applications: Applications,
        deferring: DeferringUseCases,
    ) -> None:
        self._funds, self._budgets, self._rounds, self._juries = funds, budgets, rounds, juries
        self._sessions, self._applications, self._deferring = sessions, applications, deferring

    async def plan_session(self, tx: Transaction, command: PlanSession, caller: Caller) -> JurySession:
        jury = await self._juries.get(command.jury_id, tx)
        caller.require("fund_office", region=jury.region)
        fund = await self._funds.get(jury.fund_id, tx)
        if fund.rules.decision_body is not DecisionBody.JURY:
            raise NoJuryForThis
        return await self.planned(tx, command, SessionKind.MEETING)

    async def plan_locks(self, command: PlansForJury) -> tuple[str, ...]:
        """The fund, which each that is planned holds."""
        return ((await self._juries.get(command.jury_id)).fund_id,)

    async def planned(self, tx: Transaction, command: PlanSession, kind: SessionKind) -> JurySession:
        """A session of a jury, in one room or in writing, with what was deferred on its agenda."""
        jury = await self._juries.get(command.jury_id, tx)
        await self._require_together(tx, jury, command.budget_id, command.round_id)
        planned = JurySession(
            id=new_id(),
            region=jury.region,
            fund_id=jury.fund_id,
            fund_name=jury.fund_name,
            jury_id=jury.id,
            budget_id=command.budget_id,
            round_id=command.round_id,
            title=command.title,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            place=command.place,
            kind=kind,
        ).timed(tx.at)
        gathered = await self._deferring.gather(tx, planned)
        return await self._sessions.add(tx, gathered, SessionPlanned(gathered))

    async def move_session(self, tx: Transaction, command: MoveSession, caller: Caller) -> JurySession:
        session = await self._of_office(tx, command.session_id, command.etag, caller)
        moved = session.move(command.starts_at, command.ends_at, command.place, tx.at)
        for item in moved.agenda:
            application = (await self._applications.get(item.application_id, tx)).reschedule(moved.starts_at)
            await self._applications.save(tx, application, ApplicationScheduled(application))
        again = (await self._invitation(tx, moved),) if moved.status is SessionStatus.INVITED else ()
        return await self._sessions.save(tx, moved, SessionMoved(moved, session.starts_at), *again)

    async def schedule_applications(
        self, tx: Transaction, command: ScheduleApplications, caller: Caller
    ) -> JurySession:
        session = await self._of_office(tx, command.session_id, "", caller)
        for application_id in dict.fromkeys(command.application_ids):
            application = await self._applications.get(application_id, tx)
            if application.fund_id != session.fund_id or not within(application.region, session.region):
                raise ItemElsewhere
            if application.stands_on(session.id):
                continue
            if application.round_id:
                (await self._rounds.get(application.round_id, tx)).require_over(session.starts_at)
            scheduled = application.schedule(session.id, session.starts_at, caller.sub, tx.at)
            session = session.put_on(scheduled)
            await self._applications.save(tx, scheduled, ApplicationScheduled(scheduled))
        return await self._sessions.save(tx, session)

    async def invite_jury(self, tx: Transaction, command: InviteJury, caller: Caller) -> JurySession:
        session = await self._of_office(tx, command.session_id, command.etag, caller)
        invited = session.invite()
        return await self._sessions.save(tx, invited, await self._invitation(tx, invited))

    async def cancel_session(self, tx: Transaction, command: CancelSession, caller: Caller) -> JurySession:
        session = await self._of_office(tx, command.session_id, command.etag, caller)
        cancelled = session.cancel(command.reason)
        saved = await self._sessions.save(tx, cancelled, SessionCancelled(cancelled))
        for item in session.agenda:
            application = await self._applications.get(item.application_id, tx)
            waiting = application.unschedule(command.reason, caller.sub, tx.at)
            said = ApplicationUnscheduled(waiting)
            if waiting.was_deferred:
                await self._deferring.land(tx, session, waiting, said)
            else:
                await self._applications.save(tx, waiting, said)
        return saved

    async def get_session(self, query: GetSession, caller: Caller) -> JurySession:
        return as_seen_by(await self._sessions.get(query.session_id), caller)

    async def list_sessions(self, query: ListSessions, caller: Caller) -> Page[JurySession]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._sessions.listed(query.region or CITY, query.fund_id, query.status, request)
        return Page(tuple(as_seen_by(session, caller) for session in page.items), page.next_page_token)

    async def _require_together(self, tx: Transaction, jury: Jury, budget_id: str, round_id: str) -> None:
        budget = await self._budgets.get(budget_id, tx)
        if budget.fund_id != jury.fund_id or not within(jury.region, budget.region):
            raise JuryElsewhere("budget_id")
        if round_id and (await self._rounds.get(round_id, tx)).budget_id != budget_id:
            raise JuryElsewhere("round_id")

    async def _invitation(self, tx: Transaction, session: JurySession) -> SessionInvited:
        jury = await self._juries.get(session.jury_id, tx)
        members = jury.sitting_on(berlin_day(session.starts_at))
        return SessionInvited(session, tuple(member.person_ref for member in members))

    async def _of_office(self, tx: Transaction, session_id: str, etag: str, caller: Caller) -> JurySession:
        session = await self._sessions.get(session_id, tx, etag=etag)
        caller.require("fund_office", region=session.region)
        return session
