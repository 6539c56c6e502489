"""A session that takes place: opened with its quorum, closed when everything is concluded, its minutes approved."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Id
from chassis.ports import Caller, Transaction, berlin_day
from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.facts.jury_session import MinutesApproved, SessionClosed, SessionOpened
from services.funds.domain.fund_rules import DecisionBody
from services.funds.domain.jury import Jury
from services.funds.domain.jury_composition import require_composed
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.jury import NoJuryForThis
from services.funds.domain.refusals.jury_session import RecusalFound
from services.funds.domain.session_status import SessionKind
from services.funds.usecases.affiliation import Affiliations
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.ports import Funds, Juries, Sessions
from services.funds.usecases.taking_back import TakingBack

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


class SittingUseCases:
    def __init__(
        self,
        chairing: Chairing,
        funds: Funds,
        juries: Juries,
        sessions: Sessions,
        affiliations: Affiliations,
        rounds: RoundUseCases,
        taking_back: TakingBack,
    ) -> None:
        self._chairing, self._funds, self._juries, self._sessions = chairing, funds, juries, sessions
        self._affiliations, self._rounds, self._taking_back = affiliations, rounds, taking_back

    async def open_session(self, tx: Transaction, command: OpenSession, caller: Caller) -> JurySession:
        session, jury = await self._chairing.led(tx, command.session_id, caller)
        session.require_kind(SessionKind.MEETING)
        fund = await self._funds.get(session.fund_id, tx)
        if fund.rules.decision_body is not DecisionBody.JURY:
            raise NoJuryForThis
        day = berlin_day(tx.at)
        require_composed(jury, fund.rules, day)
        procedure = Procedure.freeze(fund.rules, fund.rules_version, jury.seats_filled_on(day))
        opened = session.open(jury, command.present_member_ids, procedure, caller.sub, tx.at)
        opened = await self.begun(tx, opened, jury)
        return await self._sessions.save(tx, opened, SessionOpened(opened))

    async def begun(self, tx: Transaction, opened: JurySession, jury: Jury) -> JurySession:
        """What each opening of a jury's session brings with it: who is recused, and a round that is being decided."""
        for item in opened.agenda:
            opened = await self._chairing.recused(tx, opened, jury, item.application_id)
        if opened.round_id:
            await self._rounds.begin_deciding(tx, opened.round_id)
        await self._juries.hold(tx, jury.id)
        return opened

    async def record_attendance(self, tx: Transaction, command: RecordAttendance, caller: Caller) -> JurySession:
        session, jury = await self._chairing.led(tx, command.session_id, caller)
        return await self._sessions.save(tx, session.attend(jury, command.present_member_ids, tx.at))

    async def close_session(self, tx: Transaction, command: CloseSession, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led(tx, command.session_id, caller, command.etag)
        closed = session.close()
        return await self._sessions.save(tx, closed, SessionClosed(closed))

    async def approve_minutes(self, tx: Transaction, command: ApproveMinutes, caller: Caller) -> JurySession:
        session, jury = await self._chairing.loaded(tx, command.session_id, command.etag)
        caller.require("fund_office", region=session.region)
        for item in session.agenda:
            await self._chairing.of_another(tx, item.application_id, caller)
        approved = session.approve_minutes(caller.sub, tx.at)
        for item in session.ended(ItemStatus.AWARDED, ItemStatus.DECLINED):
            await self._require_unbiased(tx, session, item, jury)
        return await self._sessions.save(tx, approved, MinutesApproved(approved))

    async def _require_unbiased(self, tx: Transaction, session: JurySession, item: AgendaItem, jury: Jury) -> None:
        """Nobody who is biased by what is known today has voted or made the quorum, where that can still be mended."""
        if item.status is ItemStatus.AWARDED and not await self._taking_back.can_undo(tx, item.grant_id):
            return
        day = berlin_day(item.concluded_at or tx.at)
        took_part = (*item.voters, *item.present)
        found = await self._affiliations.recusals(tx, item.application_id, jury, took_part, day)
        biased, present = {recusal.member_id for recusal in found} - item.recused, set(item.present)
        voted, there = biased & set(item.voters), biased & present
        recused_present = len((item.recused | biased) & present)
        if voted or (there and not session.rules.quorate(len(present), recused_present)):
            raise RecusalFound(item.number, sorted(voted or there))
