"""Putting a decision off: what is deferred lands on the next session of the same fund and region, or waits for it."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.ports import Caller, Transaction
from services.funds.domain.application import Application
from services.funds.domain.facts.application import ApplicationDeferred, ApplicationScheduled
from services.funds.domain.jury_session import JurySession
from services.funds.usecases.application import Reason
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.ports import Applications, Funds, Sessions


@dataclass(frozen=True, slots=True)
class DeferItem:
    session_id: Id
    application_id: Id
    reason: Reason


class DeferringUseCases:
    def __init__(self, chairing: Chairing, funds: Funds, sessions: Sessions, applications: Applications) -> None:
        self._chairing, self._funds = chairing, funds
        self._sessions, self._applications = sessions, applications

    async def defer_item(self, tx: Transaction, command: DeferItem, caller: Caller) -> JurySession:
        session, _ = await self._chairing.led_by_another(tx, command.session_id, command.application_id, caller)
        deferred = session.defer(command.application_id, command.reason, caller.sub, tx.at)
        application = await self._applications.get(command.application_id, tx)
        waiting = application.defer(command.reason, caller.sub, tx.at)
        saved = await self._sessions.save(tx, deferred)
        await self.land(tx, session, waiting, ApplicationDeferred(waiting, command.reason))
        return saved

    async def land(self, tx: Transaction, session: JurySession, waiting: Application, said: object) -> None:
        """Save what left the agenda of `session`, on that of the next one where there is one."""
        await self._funds.hold(tx, session.fund_id)
        following = await self._sessions.next_after(tx, session)
        if following is None or not following.has_room:
            await self._applications.save(tx, waiting, said)
            return
        scheduled = waiting.schedule(following.id, following.starts_at, "", tx.at)
        await self._sessions.save(tx, following.put_on(scheduled))
        await self._applications.save(tx, scheduled, said, ApplicationScheduled(scheduled))

    async def gather(self, tx: Transaction, planned: JurySession) -> JurySession:
        """A session that is being planned, with all that waits for one on its agenda, the oldest first."""
        # What is put off in this very moment would else find no session, and this session would not find it.
        await self._funds.hold(tx, planned.fund_id)
        for application in await self._applications.waiting(tx, planned.fund_id, planned.region):
            if planned.has_room:
                planned = planned.put_on(await self._land(tx, application, planned))
        return planned

    async def item_locks(self, command: DeferItem) -> tuple[str, ...]:
        session = await self._sessions.get(command.session_id)
        return (command.session_id, command.application_id, session.fund_id)

    async def _land(self, tx: Transaction, application: Application, planned: JurySession) -> Application:
        scheduled = application.schedule(planned.id, planned.starts_at, "", tx.at)
        return await self._applications.save(tx, scheduled, ApplicationScheduled(scheduled))
