"""Correcting a session until its minutes are approved; an award that no longer follows is taken back with it."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.ports import Caller, Transaction
from services.funds.domain import correction, revision
from services.funds.domain.agenda_item import ItemStatus, Recusal, RecusalGround
from services.funds.domain.facts.application import DecisionRevised
from services.funds.domain.facts.jury_session import SessionReopened
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.jury_session import MemberIsRecused
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice
from services.funds.usecases.application import Reason
from services.funds.usecases.assembly import Raised
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.ports import Applications, Grants, Sessions
from services.funds.usecases.taking_back import TakingBack


@dataclass(frozen=True, slots=True)
class CorrectVote:
    session_id: Id
    application_id: Id
    member_id: Id
    choice: Choice
    reason: Reason


@dataclass(frozen=True, slots=True)
class CorrectCount:
    session_id: Id
    application_id: Id
    reason: Reason
    yes: Raised = 0
    no: Raised = 0
    abstain: Raised = 0


@dataclass(frozen=True, slots=True)
class EnterRecusal:
    session_id: Id
    application_id: Id
    member_id: Id
    reason: Reason


@dataclass(frozen=True, slots=True)
class TakeBackRecusal:
    session_id: Id
    application_id: Id
    member_id: Id
    reason: Reason


class CorrectingUseCases:
    def __init__(
        self,
        chairing: Chairing,
        sessions: Sessions,
        applications: Applications,
        grants: Grants,
        taking_back: TakingBack,
    ) -> None:
        self._chairing, self._sessions = chairing, sessions
        self._applications, self._grants, self._taking_back = applications, grants, taking_back

    async def correct_vote(self, tx: Transaction, command: CorrectVote, caller: Caller) -> JurySession:
        session, jury = await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        member = jury.member(command.member_id)
        corrected = correction.correct_vote(
            session, command.application_id, member.id, command.choice, command.reason, caller.sub, tx.at
        )
        return await self._settle(tx, session, corrected, command, caller)

    async def correct_count(self, tx: Transaction, command: CorrectCount, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        hands = (command.yes, command.no, command.abstain)
        corrected = correction.correct_count(session, command.application_id, *hands, command.reason, caller.sub, tx.at)
        return await self._settle(tx, session, corrected, command, caller)

    async def enter_recusal(self, tx: Transaction, command: EnterRecusal, caller: Caller) -> JurySession:
        session, jury = await self._chairing.led(tx, command.session_id, caller)
        member = jury.member(command.member_id)
        if not member.sub or member.sub != caller.sub:
            await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        recusal = Recusal(member.id, RecusalGround.DECLARED, tx.at, caller.sub, command.reason)
        if session.item(command.application_id).status not in correction.DECIDED:
            return await self._sessions.save(tx, session.recuse(command.application_id, (recusal,)))
        corrected = correction.recuse_later(session, command.application_id, recusal, command.reason)
        return await self._settle(tx, session, corrected, command, caller)

    async def take_back_recusal(self, tx: Transaction, command: TakeBackRecusal, caller: Caller) -> JurySession:
        """What affiliations say of today is found again."""
        session, jury = await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        member = jury.member(command.member_id)
        mended = correction.take_back_recusal(
            session, command.application_id, member, command.reason, caller.sub, tx.at
        )
        mended = await self._chairing.recused(tx, mended, jury, command.application_id)
        if member.id in mended.item(command.application_id).recused:
            raise MemberIsRecused
        return await self._sessions.save(tx, mended)

    async def correct_locks(self, command: CorrectVote | CorrectCount | EnterRecusal) -> tuple[str, ...]:
        """Money may go back, so the pot is queued for."""
        session = await self._sessions.get(command.session_id)
        return (session.id, command.application_id, session.budget_id)

    async def _settle(
        self,
        tx: Transaction,
        before: JurySession,
        after: JurySession,
        command: CorrectVote | CorrectCount | EnterRecusal,
        caller: Caller,
    ) -> JurySession:
        was = before.item(command.application_id)
        if not correction.has_reopened(before, after, command.application_id):
            if was.status is ItemStatus.AWARDED:
                grant = await self._grants.get(was.grant_id, tx)
                await self._grants.save(tx, revision.decided_with(grant, caller.sub))
            return await self._sessions.save(tx, after)
        if was.status is ItemStatus.AWARDED:
            await self._taking_back.undo(tx, was.grant_id, command.reason, caller.sub)
        application = await self._applications.get(command.application_id, tx)
        again = revision.decided_anew(application, command.reason, caller.sub, tx.at)
        await self._applications.save(tx, again, DecisionRevised(again, was.approved_cents, command.reason))
        reopened = (SessionReopened(after),) if before.status is SessionStatus.CLOSED else ()
        return await self._sessions.save(tx, after, *reopened)
