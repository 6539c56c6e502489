"""Voting on an item: the motion, who is recused, the votes, and their recount."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Cents, Id, OptionalText
from chassis.ports import Caller, Transaction, berlin_day
from services.funds.domain.agenda_item import ExceptionResolution, Recusal, RecusalGround
from services.funds.domain.jury import Jury, JuryMember
from services.funds.domain.jury_session import JurySession
from services.funds.domain.recount import Recount, recount
from services.funds.domain.refusals.jury_session import NoSeat
from services.funds.domain.vote import Choice, Vote
from services.funds.domain.written_procedure import require_in_time, require_voter
from services.funds.usecases.application import Reason
from services.funds.usecases.award import Conditions
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.ports import Sessions


@dataclass(frozen=True, slots=True)
class PutMotion:
    session_id: Id
    application_id: Id
    amount_cents: Cents
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class ResolveException:
    """The jury resolved to go above the fund's maximum."""

    session_id: Id
    application_id: Id
    reason: Reason


@dataclass(frozen=True, slots=True)
class CastVote:
    """`motion_number` is that of the motion which the voter has read; 0: whichever lies on the table."""

    session_id: Id
    application_id: Id
    choice: Choice
    motion_number: Annotated[int, Ge(0), Le(10_000)] = 0


@dataclass(frozen=True, slots=True)
class EnterVote:
    """A vote by hand, entered by the chair."""

    session_id: Id
    application_id: Id
    member_id: Id
    choice: Choice
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeclareRecusal:
    session_id: Id
    application_id: Id
    reason: OptionalText = ""


@dataclass(frozen=True, slots=True)
class RecomputeSession:
    session_id: Id


class VotingUseCases:
    def __init__(self, chairing: Chairing, sessions: Sessions) -> None:
        self._chairing, self._sessions = chairing, sessions

    async def put_motion(self, tx: Transaction, command: PutMotion, caller: Caller) -> JurySession:
        session, _ = await self._chairing.item_led(tx, command.session_id, command.application_id, caller)
        require_in_time(session, tx.at)
        moved = session.put_motion(command.application_id, command.amount_cents, command.conditions, caller.sub, tx.at)
        return await self._sessions.save(tx, moved)

    async def resolve_exception(self, tx: Transaction, command: ResolveException, caller: Caller) -> JurySession:
        session, _ = await self._chairing.item_led(tx, command.session_id, command.application_id, caller)
        require_in_time(session, tx.at)
        resolution = ExceptionResolution(command.reason, caller.sub, tx.at)
        return await self._sessions.save(tx, session.except_from_cap(command.application_id, resolution))

    async def cast_vote(self, tx: Transaction, command: CastVote, caller: Caller) -> JurySession:
        session, jury = await self._chairing.loaded(tx, command.session_id)
        session = await self._chairing.recused(tx, session, jury, command.application_id)
        member = self._own_seat(tx, session, jury, caller)
        await self._chairing.of_another(tx, command.application_id, caller)
        vote = Vote(member.id, command.choice, tx.at, caller.sub)
        return await self._voted(tx, session, member, command.application_id, vote, command.motion_number)

    async def enter_vote(self, tx: Transaction, command: EnterVote, caller: Caller) -> JurySession:
        session, jury = await self._chairing.item_led(tx, command.session_id, command.application_id, caller)
        member = jury.member(command.member_id)
        vote = Vote(member.id, command.choice, tx.at, caller.sub, command.reason)
        return await self._voted(tx, session, member, command.application_id, vote, motion_number=0)

    async def declare_recusal(self, tx: Transaction, command: DeclareRecusal, caller: Caller) -> JurySession:
        session, jury = await self._chairing.loaded(tx, command.session_id)
        member = self._own_seat(tx, session, jury, caller)
        recusal = Recusal(member.id, RecusalGround.DECLARED, tx.at, caller.sub, command.reason)
        return await self._sessions.save(tx, session.recuse(command.application_id, (recusal,)))

    async def recompute_session(self, query: RecomputeSession, caller: Caller) -> Recount:
        session = await self._sessions.get(query.session_id)
        caller.require("fund_office", "auditor", region=session.region)
        return recount(session)

    async def _voted(
        self,
        tx: Transaction,
        session: JurySession,
        member: JuryMember,
        application_id: str,
        vote: Vote,
        motion_number: int,
    ) -> JurySession:
        require_in_time(session, tx.at)
        require_voter(session, member, berlin_day(tx.at))
        return await self._sessions.save(tx, session.vote(application_id, vote, motion_number))

    def _own_seat(self, tx: Transaction, session: JurySession, jury: Jury, caller: Caller) -> JuryMember:
        """The member that this very token is: nobody votes for another without saying why."""
        caller.require("jury", region=session.region)
        member = jury.member_with_sub(caller.sub, berlin_day(tx.at))
        if member is None:
            raise NoSeat
        return member
