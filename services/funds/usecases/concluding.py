"""Concluding an item: the count, and the award, the refusal or the deferral that follows from it."""

from contextlib import suppress
from dataclasses import dataclass, replace

from chassis.fields import Id, OptionalText
from chassis.ports import Caller, Transaction
from chassis.refusals import NotNow
from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.facts.application import ApplicationDeclined
from services.funds.domain.facts.jury_session import SessionClosed
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.written_procedure import require_voting_over
from services.funds.usecases.award import AwardUseCases, Decision
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.ports import Applications, Sessions
from services.funds.usecases.written_procedure import WRITTEN_ENDS

AT_ONCE = 10
# What an applicant reads where nobody gave a reason, as where the clock counted.
NO_MAJORITY = "Der Antrag fand keine Mehrheit."


@dataclass(frozen=True, slots=True)
class ConcludeItem:
    """`reason` goes to the applicant when the motion is not carried."""

    session_id: Id
    application_id: Id
    reason: OptionalText = ""


class ConcludingUseCases:
    def __init__(
        self, chairing: Chairing, sessions: Sessions, applications: Applications, awards: AwardUseCases
    ) -> None:
        self._chairing, self._sessions, self._applications, self._awards = chairing, sessions, applications, awards

    async def conclude_item(self, tx: Transaction, command: ConcludeItem, caller: Caller) -> JurySession:
        """Count; carried: award in this very transaction, or refuse and leave the item open. Not carried: decline."""
        session, jury = await self._chairing.item_led(tx, command.session_id, command.application_id, caller)
        concluded = await self._concluded(tx, session, jury, command.application_id, command.reason, caller.sub)
        return await self._sessions.save(tx, concluded)

    async def end_written_procedure(self, tx: Transaction, session_id: str) -> None:
        """The timer at its end: each item that can be is concluded, and what cannot stays open for the chair.

        So many at a time: a long agenda must not be too much for one transaction.
        """
        session, jury = await self._chairing.loaded(tx, session_id)
        if session.status is not SessionStatus.OPEN:
            return
        waiting = [item for item in session.ended(ItemStatus.OPEN) if item.number > session.counted_to]
        for item in waiting[:AT_ONCE]:
            with suppress(NotNow):
                current = await self._chairing.recused(tx, session, jury, item.application_id)
                session = await self._concluded(tx, current, jury, item.application_id, "", "")
            session = replace(session, counted_to=item.number)
        if len(waiting) > AT_ONCE:
            tx.set_timer(session.id, WRITTEN_ENDS, tx.at)
        if session.ended(ItemStatus.OPEN):
            await self._sessions.save(tx, session)
        else:
            closed = session.close()
            await self._sessions.save(tx, closed, SessionClosed(closed))

    async def conclude_locks(self, command: ConcludeItem) -> tuple[str, ...]:
        """Awards of all sessions queue for the pot: whoever comes second sees what the first has left."""
        session = await self._sessions.get(command.session_id)
        return (session.id, command.application_id, session.budget_id)

    async def _concluded(
        self, tx: Transaction, session: JurySession, jury: Jury, application_id: str, reason: str, by: str
    ) -> JurySession:
        require_voting_over(session, tx.at)
        counted = session.counted(application_id)
        if session.carries(counted):
            return session.with_item(await self._award(tx, session, counted, jury, by))
        return session.with_item(await self._decline(tx, counted, reason, by))

    async def _award(self, tx: Transaction, session: JurySession, item: AgendaItem, jury: Jury, by: str) -> AgendaItem:
        motion = item.the_motion
        voters = set(item.voters)
        subs = tuple(member.sub for member in jury.members if member.id in voters)
        decision = Decision(
            budget_id=session.budget_id,
            session_id=session.id,
            amount_cents=motion.amount_cents,
            conditions=motion.conditions,
            exception_reason=item.exception.reason if item.exception else "",
            decided_by=(*subs, *item.acted_by, by),
        )
        application = await self._applications.get(item.application_id, tx)
        grant = await self._awards.award(tx, application, decision, by)
        return item.awarded(grant.id, by, tx.at)

    async def _decline(self, tx: Transaction, item: AgendaItem, reason: str, by: str) -> AgendaItem:
        reason = reason or NO_MAJORITY
        application = await self._applications.get(item.application_id, tx)
        await self._awards.require_round_over(tx, application)
        declined = application.decline(reason, by, tx.at)
        await self._applications.save(tx, declined, ApplicationDeclined(declined, reason))
        return item.declined(reason, by, tx.at)
