"""Deciding an item: the motion, who is recused, the votes, and what follows from them."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Cents, Id, OptionalText
from chassis.ports import Caller, Transaction, berlin_day
from services.funds.domain.agenda_item import AgendaItem, ExceptionResolution, Recusal, RecusalGround
from services.funds.domain.facts.application import ApplicationDeclined, ApplicationDeferred
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.recount import Recount, recount
from services.funds.domain.refusals.jury_session import NoSeat
from services.funds.domain.vote import Choice, Vote
from services.funds.usecases.affiliation import Affiliations
from services.funds.usecases.application import Reason
from services.funds.usecases.award import AwardUseCases, Conditions, Decision
from services.funds.usecases.ports import Applications, Juries, Sessions
from services.funds.usecases.sitting import require_chair


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
class EnterRecusal:
    session_id: Id
    application_id: Id
    member_id: Id
    reason: Reason


@dataclass(frozen=True, slots=True)
class ConcludeItem:
    """`reason` goes to the applicant when the motion is not carried."""

    session_id: Id
    application_id: Id
    reason: OptionalText = ""


@dataclass(frozen=True, slots=True)
class DeferItem:
    session_id: Id
    application_id: Id
    reason: Reason


@dataclass(frozen=True, slots=True)
class RecomputeSession:
    session_id: Id


class VotingUseCases:
    def __init__(
        self,
        juries: Juries,
        sessions: Sessions,
        applications: Applications,
        affiliations: Affiliations,
        awards: AwardUseCases,
    ) -> None:
        self._juries, self._sessions, self._applications = juries, sessions, applications
        self._affiliations, self._awards = affiliations, awards

    async def put_motion(self, tx: Transaction, command: PutMotion, caller: Caller) -> JurySession:
        session, _ = await self._chaired(tx, command.session_id, command.application_id, caller)
        moved = session.put_motion(command.application_id, command.amount_cents, command.conditions, caller.sub, tx.at)
        return await self._sessions.save(tx, moved)

    async def resolve_exception(self, tx: Transaction, command: ResolveException, caller: Caller) -> JurySession:
        session, _ = await self._chaired(tx, command.session_id, command.application_id, caller)
        resolution = ExceptionResolution(command.reason, caller.sub, tx.at)
        return await self._sessions.save(tx, session.except_from_cap(command.application_id, resolution))

    async def cast_vote(self, tx: Transaction, command: CastVote, caller: Caller) -> JurySession:
        session, jury = await self._current(tx, command.session_id, command.application_id)
        vote = Vote(self._own_seat(tx, session, jury, caller), command.choice, tx.at, caller.sub)
        return await self._sessions.save(tx, session.vote(command.application_id, vote, command.motion_number))

    async def enter_vote(self, tx: Transaction, command: EnterVote, caller: Caller) -> JurySession:
        session, jury = await self._chaired(tx, command.session_id, command.application_id, caller)
        member = jury.member(command.member_id)
        vote = Vote(member.id, command.choice, tx.at, caller.sub, command.reason)
        return await self._sessions.save(tx, session.vote(command.application_id, vote, motion_number=0))

    async def declare_recusal(self, tx: Transaction, command: DeclareRecusal, caller: Caller) -> JurySession:
        session, jury = await self._loaded(tx, command.session_id)
        member_id = self._own_seat(tx, session, jury, caller)
        recusal = Recusal(member_id, RecusalGround.DECLARED, tx.at, caller.sub, command.reason)
        return await self._sessions.save(tx, session.recuse(command.application_id, (recusal,)))

    async def enter_recusal(self, tx: Transaction, command: EnterRecusal, caller: Caller) -> JurySession:
        session, jury = await self._loaded(tx, command.session_id)
        require_chair(caller, session, jury, tx.at)
        member = jury.member(command.member_id)
        recusal = Recusal(member.id, RecusalGround.DECLARED, tx.at, caller.sub, command.reason)
        return await self._sessions.save(tx, session.recuse(command.application_id, (recusal,)))

    async def conclude_item(self, tx: Transaction, command: ConcludeItem, caller: Caller) -> JurySession:
        """Count; carried: award in this very transaction, or refuse and leave the item open. Not carried: decline."""
        session, jury = await self._chaired(tx, command.session_id, command.application_id, caller)
        counted = session.counted(command.application_id)
        if session.carries(counted):
            concluded = await self._award(tx, session, counted, jury, caller)
        else:
            concluded = await self._decline(tx, counted, command.reason, caller)
        return await self._sessions.save(tx, session.with_item(concluded))

    async def defer_item(self, tx: Transaction, command: DeferItem, caller: Caller) -> JurySession:
        session, jury = await self._loaded(tx, command.session_id)
        require_chair(caller, session, jury, tx.at)
        deferred = session.defer(command.application_id, command.reason, caller.sub, tx.at)
        application = await self._applications.get(command.application_id, tx)
        waiting = application.defer(command.reason, caller.sub, tx.at)
        await self._applications.save(tx, waiting, ApplicationDeferred(waiting, command.reason))
        return await self._sessions.save(tx, deferred)

    async def recompute_session(self, query: RecomputeSession, caller: Caller) -> Recount:
        session = await self._sessions.get(query.session_id)
        caller.require("fund_office", "auditor", region=session.region)
        return recount(session)

    async def conclude_locks(self, command: ConcludeItem) -> tuple[str, ...]:
        """Awards of all sessions queue for the pot: whoever comes second sees what the first has left."""
        session = await self._sessions.get(command.session_id)
        return (session.id, command.application_id, session.budget_id)

    async def item_locks(self, command: DeferItem) -> tuple[str, ...]:
        return (command.session_id, command.application_id)

    async def _award(
        self, tx: Transaction, session: JurySession, item: AgendaItem, jury: Jury, caller: Caller
    ) -> AgendaItem:
        motion = item.the_motion
        voters = {vote.member_id for vote in item.votes}
        subs = tuple(member.sub for member in jury.members if member.id in voters)
        decision = Decision(
            budget_id=session.budget_id,
            session_id=session.id,
            amount_cents=motion.amount_cents,
            conditions=motion.conditions,
            exception_reason=item.exception.reason if item.exception else "",
            decided_by=(*subs, *(vote.by for vote in item.votes), caller.sub),
        )
        application = await self._applications.get(item.application_id, tx)
        grant = await self._awards.award(tx, application, decision, caller.sub)
        return item.awarded(grant.id, caller.sub, tx.at)

    async def _decline(self, tx: Transaction, item: AgendaItem, reason: str, caller: Caller) -> AgendaItem:
        application = await self._applications.get(item.application_id, tx)
        declined = application.decline(reason, caller.sub, tx.at)
        await self._applications.save(tx, declined, ApplicationDeclined(declined, reason))
        return item.declined(reason, caller.sub, tx.at)

    def _own_seat(self, tx: Transaction, session: JurySession, jury: Jury, caller: Caller) -> str:
        """The member that this very token is: nobody votes for another without saying why."""
        caller.require("jury", region=session.region)
        member = jury.member_with_sub(caller.sub, berlin_day(tx.at))
        if member is None:
            raise NoSeat
        return member.id

    async def _chaired(
        self, tx: Transaction, session_id: str, application_id: str, caller: Caller
    ) -> tuple[JurySession, Jury]:
        session, jury = await self._current(tx, session_id, application_id)
        require_chair(caller, session, jury, tx.at)
        return session, jury

    async def _current(self, tx: Transaction, session_id: str, application_id: str) -> tuple[JurySession, Jury]:
        """The session with the recusals of now: relations may have become known since it opened."""
        session, jury = await self._loaded(tx, session_id)
        session.item(application_id)
        return session.recuse(application_id, await self._affiliations.recusals(tx, application_id, jury)), jury

    async def _loaded(self, tx: Transaction, session_id: str) -> tuple[JurySession, Jury]:
        session = await self._sessions.get(session_id, tx)
        return session, await self._juries.get(session.jury_id, tx)
