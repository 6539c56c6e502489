"""The formal check of applications: the office asks back, admits or refuses, and mends its mistakes."""

from dataclasses import dataclass

from chassis.fields import Day, Id
from chassis.ports import Caller, Transaction, end_of_day
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.facts.application import (
    ApplicationAdmitted,
    ApplicationInfoOverdue,
    ApplicationInfoRequested,
    ApplicationRefused,
)
from services.funds.domain.session_status import SessionStatus
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application import INFO_DUE, Reason
from services.funds.usecases.ports import Applications, Rounds, Sessions


@dataclass(frozen=True, slots=True)
class RequestInfo:
    application_id: Id
    reason: Reason
    info_due_on: Day
    etag: str = ""


@dataclass(frozen=True, slots=True)
class AdmitApplication:
    application_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class StepWithReason:
    """What RefuseApplication and ReadmitApplication take."""

    application_id: Id
    reason: Reason
    etag: str = ""


class AdmissionUseCases:
    def __init__(self, applications: Applications, rounds: Rounds, sessions: Sessions, applicants: Applicants) -> None:
        self._applications, self._rounds, self._sessions = applications, rounds, sessions
        self._applicants = applicants

    async def request_info(self, tx: Transaction, command: RequestInfo, caller: Caller) -> Application:
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        await self._take_off(tx, application, caller.sub)
        asked = application.request_info(command.info_due_on, command.reason, caller.sub, tx.at)
        tx.set_timer(asked.id, INFO_DUE, end_of_day(command.info_due_on))
        return await self._applications.save(tx, asked, ApplicationInfoRequested(asked, command.reason))

    async def admit_application(self, tx: Transaction, command: AdmitApplication, caller: Caller) -> Application:
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        admitted = application.admit(caller.sub, tx.at)
        return await self._applications.save(tx, admitted, ApplicationAdmitted(admitted, ""))

    async def refuse_application(self, tx: Transaction, command: StepWithReason, caller: Caller) -> Application:
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        await self._take_off(tx, application, caller.sub)
        refused = application.refuse(command.reason, caller.sub, tx.at)
        tx.cancel_timer(refused.id, INFO_DUE)
        return await self._applications.save(tx, refused, ApplicationRefused(refused, command.reason))

    async def readmit_application(self, tx: Transaction, command: StepWithReason, caller: Caller) -> Application:
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        is_decided = await self._round_is_decided(tx, application.round_id)
        readmitted = application.readmit(command.reason, caller.sub, tx.at, round_is_decided=is_decided)
        return await self._applications.save(tx, readmitted, ApplicationAdmitted(readmitted, command.reason))

    async def info_falls_overdue(self, tx: Transaction, application_id: str) -> None:
        """The `info_due` timer: nothing is refused by itself, but nobody waits unseen."""
        application = await self._applications.get(application_id, tx)
        overdue = application.fall_overdue()
        if overdue is not application:
            await self._applications.save(tx, overdue, ApplicationInfoOverdue(overdue))

    async def _round_is_decided(self, tx: Transaction, round_id: str) -> bool:
        if not round_id:
            return False
        # It must not be concluded in this very moment, without what is readmitted.
        await self._rounds.hold(tx, round_id)
        return (await self._rounds.get(round_id, tx)).is_decided

    async def _take_off(self, tx: Transaction, application: Application, by: str) -> None:
        """From the agenda on which it stands, if it stands on one, and as long as that session has not begun."""
        if application.status is ApplicationStatus.SCHEDULED:
            session = await self._sessions.get(application.session_id, tx)
            session.require(SessionStatus.PLANNED, SessionStatus.INVITED)
            await self._sessions.save(tx, session.take_off(application.id, by, tx.at))

    async def _of_office(self, tx: Transaction, application_id: str, etag: str, caller: Caller) -> Application:
        application = await self._applications.get(application_id, tx, etag=etag)
        caller.require("fund_office", region=application.region)
        await self._applicants.require_other(tx, caller, application)
        return application
