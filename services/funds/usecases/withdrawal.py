"""Applications that end without a decision on them: taken back, before the award or after it, or left behind."""

from dataclasses import dataclass, replace

from chassis.fields import Id
from chassis.ports import Caller, Transaction
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.facts.application import ApplicationRefused, ApplicationWithdrawn
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application import INFO_DUE, Reason
from services.funds.usecases.application_file import as_seen_by
from services.funds.usecases.funding_round import ROUND_CANCELLED
from services.funds.usecases.ports import Applications, Rounds, Sessions
from services.funds.usecases.taking_back import TakingBack

S = ApplicationStatus
ARCHIVED = "The record of the applicant was archived."
CALLED_OFF = "Die Antragsrunde wurde abgesagt:"
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    application_id: Id
    reason: Reason
    etag: str = ""


class WithdrawalUseCases:
    def __init__(
        self,
        applications: Applications,
        rounds: Rounds,
        sessions: Sessions,
        applicants: Applicants,
        taking_back: TakingBack,
    ) -> None:
        self._applications, self._rounds, self._sessions = applications, rounds, sessions
        self._applicants, self._taking_back = applicants, taking_back

    async def withdraw_application(self, tx: Transaction, command: WithdrawApplication, caller: Caller) -> Application:
        application = await self._applications.get(command.application_id, tx, etag=command.etag)
        await self._applicants.require_owner_or(caller, application, "fund_office", tx=tx)
        if application.status is S.APPROVED:
            return as_seen_by(await self._give_up(tx, application, command.reason, caller.sub), caller)
        withdrawn = application.withdraw(command.reason, caller.sub, tx.at)
        await self._take_off(tx, application, caller.sub)
        tx.cancel_timer(application.id, INFO_DUE)
        said = () if application.status is S.DRAFT else (ApplicationWithdrawn(withdrawn),)
        return as_seen_by(await self._applications.save(tx, withdrawn, *said), caller)

    async def withdraw_locks(self, command: WithdrawApplication) -> tuple[str, ...]:
        """What was awarded goes back to its pot, so it is queued for."""
        application = await self._applications.get(command.application_id)
        return (application.id, *await self._taking_back.locks(application.grant_id))

    async def round_cancelled(self, tx: Transaction, round_id: str) -> None:
        """The `round_cancelled` timer: what still waits in it is refused with its reason, so many at a time."""
        reason = f"{CALLED_OFF} {(await self._rounds.get(round_id, tx)).cancelled_reason}"
        waiting = await self._applications.left_in(tx, round_id, AT_ONCE)
        for application in waiting:
            await self._take_off(tx, application, "")
            refused = application.refuse(reason, "", tx.at)
            tx.cancel_timer(application.id, INFO_DUE)
            await self._applications.save(tx, refused, ApplicationRefused(refused, reason))
        if len(waiting) == AT_ONCE:
            tx.set_timer(round_id, ROUND_CANCELLED, tx.at)

    async def actor_archived(self, tx: Transaction, actor_id: str) -> None:
        """Its drafts end; what it handed in stays, marked for the office, and cannot be awarded."""
        for application in await self._of(tx, actor_id):
            if application.status is S.DRAFT:
                await self._applications.save(tx, application.withdraw(ARCHIVED, "", tx.at))
            else:
                await self._applications.save(tx, replace(application, applicant_archived=True))

    async def actor_changed(self, tx: Transaction, actor_id: str) -> None:
        """Restored, merged or split: what it handed in is marked by the record that stands for it from now on."""
        for application in await self._of(tx, actor_id):
            archived = await self._applicants.is_archived(tx, application.applicant_actor_id)
            if application.status is not S.DRAFT and application.applicant_archived is not archived:
                await self._applications.save(tx, replace(application, applicant_archived=archived))

    async def _take_off(self, tx: Transaction, application: Application, by: str) -> None:
        """From the agenda on which it stands, if it stands on one."""
        if application.status is S.SCHEDULED:
            session = await self._sessions.get(application.session_id, tx)
            await self._sessions.save(tx, session.take_off(application.id, by, tx.at))

    async def _of(self, tx: Transaction, actor_id: str) -> tuple[Application, ...]:
        """Those that it made, under each id that it has had."""
        ids = await self._applicants.same_as(actor_id, tx)
        return tuple([one for id in ids for one in await self._applications.of_actor(tx, id)])

    async def _give_up(self, tx: Transaction, application: Application, reason: str, by: str) -> Application:
        """After the award: the grant is cancelled with it, and its money goes back."""
        cancelled = application.cancel(reason, by, tx.at)
        await self._taking_back.take_back(tx, application.grant_id, reason, by)
        return await self._applications.save(tx, cancelled, ApplicationWithdrawn(cancelled))
