"""A session that takes place: opened with its quorum, closed when everything is concluded, its minutes approved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Id
from chassis.ports import Caller, Transaction, berlin_day
from services.funds.domain.facts.jury_session import MinutesApproved, SessionClosed, SessionOpened
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury_session import NotTheChair
from services.funds.usecases.affiliation import Affiliations
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.ports import Funds, Juries, Sessions

MemberIds = Annotated[tuple[Id, ...], MinLen(1), MaxLen(60)]


@dataclass(frozen=True, slots=True)
class OpenSession:
    session_id: Id
    present_member_ids: MemberIds


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    session_id: Id
    present_member_ids: MemberIds


@dataclass(frozen=True, slots=True)
class CloseSession:
    session_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ApproveMinutes:
    session_id: Id
    etag: str = ""


def require_chair(caller: Caller, session: JurySession, jury: Jury, at: datetime) -> None:
    """The chair is the office of the fund, or a member who sits as chair today."""
    if caller.may("fund_office", region=session.region):
        return
    member = jury.member_with_sub(caller.sub, berlin_day(at))
    if member is None or not member.is_chair or not caller.may("jury", region=session.region):
        raise NotTheChair


class SittingUseCases:
    def __init__(
        self, funds: Funds, juries: Juries, sessions: Sessions, affiliations: Affiliations, rounds: RoundUseCases
    ) -> None:
        self._funds, self._juries, self._sessions = funds, juries, sessions
        self._affiliations, self._rounds = affiliations, rounds

    async def open_session(self, tx: Transaction, command: OpenSession, caller: Caller) -> JurySession:
        session, jury = await self._chaired(tx, command.session_id, caller)
        fund = await self._funds.get(session.fund_id, tx)
        seats = jury.seats_filled_on(berlin_day(tx.at))
        procedure = Procedure.freeze(fund.rules, fund.rules_version, seats)
        opened = session.open(jury, command.present_member_ids, procedure, caller.sub, tx.at)
        for item in opened.agenda:
            opened = opened.recuse(
                item.application_id, await self._affiliations.recusals(tx, item.application_id, jury)
            )
        if session.round_id:
            await self._rounds.begin_deciding(tx, session.round_id)
        await self._juries.hold(tx, jury.id)
        return await self._sessions.save(tx, opened, SessionOpened(opened))

    async def record_attendance(self, tx: Transaction, command: RecordAttendance, caller: Caller) -> JurySession:
        session, jury = await self._chaired(tx, command.session_id, caller)
        return await self._sessions.save(tx, session.attend(jury, command.present_member_ids, tx.at))

    async def close_session(self, tx: Transaction, command: CloseSession, caller: Caller) -> JurySession:
        session, _ = await self._chaired(tx, command.session_id, caller, command.etag)
        closed = session.close()
        return await self._sessions.save(tx, closed, SessionClosed(closed))

    async def approve_minutes(self, tx: Transaction, command: ApproveMinutes, caller: Caller) -> JurySession:
        session = await self._sessions.get(command.session_id, tx, etag=command.etag)
        caller.require("fund_office", region=session.region)
        approved = session.approve_minutes(caller.sub, tx.at)
        return await self._sessions.save(tx, approved, MinutesApproved(approved))

    async def _chaired(
        self, tx: Transaction, session_id: str, caller: Caller, etag: str = ""
    ) -> tuple[JurySession, Jury]:
        session = await self._sessions.get(session_id, tx, etag=etag)
        jury = await self._juries.get(session.jury_id, tx)
        require_chair(caller, session, jury, tx.at)
        return session, jury
