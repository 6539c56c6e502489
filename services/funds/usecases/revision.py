"""Revising a decision that was recorded wrongly, as long as nothing is agreed."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import CentsOrZero, Id
from chassis.ports import Caller, Transaction
from services.funds.domain import revision
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.correction import CORRECTABLE
from services.funds.domain.facts.application import DecisionRevised
from services.funds.domain.facts.grant import GrantRevised
from services.funds.domain.grant import Grant
from services.funds.domain.year_share import YearShare
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application import Reason
from services.funds.usecases.award import Conditions
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.ports import Applications, Budgets, Grants, Sessions
from services.funds.usecases.recipient import Recipients
from services.funds.usecases.taking_back import TakingBack


@dataclass(frozen=True, slots=True)
class ReviseDecision:
    """`amount_cents` 0: nothing is awarded. `exceeds_cap`: the amount rests on an exception that the rules allow."""

    application_id: Id
    reason: Reason
    amount_cents: CentsOrZero = 0
    conditions: Conditions = ()
    exceeds_cap: bool = False
    later_shares: Annotated[tuple[YearShare, ...], MaxLen(9)] = ()
    etag: str = ""


class RevisionUseCases:
    def __init__(
        self,
        applications: Applications,
        grants: Grants,
        budgets: Budgets,
        sessions: Sessions,
        money: GrantMoney,
        applicants: Applicants,
        recipients: Recipients,
        taking_back: TakingBack,
    ) -> None:
        self._applications, self._grants, self._budgets, self._sessions = applications, grants, budgets, sessions
        self._money, self._taking_back = money, taking_back
        self._applicants, self._recipients = applicants, recipients

    async def revise_decision(self, tx: Transaction, command: ReviseDecision, caller: Caller) -> Application:
        application = await self._applications.get(command.application_id, tx, etag=command.etag)
        caller.require("fund_office", region=application.region)
        application.require(ApplicationStatus.APPROVED)
        await self._applicants.require_other(tx, caller, application)
        grant = await self._grants.get(application.grant_id, tx)
        # After a split the recipient may be another record than the one that applied.
        await self._recipients.require_other(tx, caller, grant)
        previous = application.approved_cents
        if command.amount_cents == 0:
            revised = revision.award_withdrawn(application, command.reason, caller.sub, tx.at)
            await self._taking_back.undo(tx, grant.id, command.reason, caller.sub)
        else:
            revised = await self._with_amount(tx, application, grant, command, caller)
        await self._record(tx, revised, caller.sub)
        said = DecisionRevised(revised, previous, command.reason)
        return await self._applications.save(tx, revised, said)

    async def revise_locks(self, command: ReviseDecision) -> tuple[str, ...]:
        application = await self._applications.get(command.application_id)
        session = (application.session_id,) if application.session_id else ()
        return (application.id, *session, *await self._taking_back.locks(application.grant_id))

    async def _record(self, tx: Transaction, revised: Application, by: str) -> None:
        """Until its minutes are approved the session says what holds; afterwards it says what was resolved."""
        session = await self._sessions.find(revised.session_id, tx) if revised.session_id else None
        if session is not None and session.status in CORRECTABLE:
            item = session.item(revised.id).revised(revised.approved_cents, by)
            await self._sessions.save(tx, session.with_item(item))

    async def _with_amount(
        self, tx: Transaction, application: Application, grant: Grant, command: ReviseDecision, caller: Caller
    ) -> Application:
        budget = await self._budgets.get(grant.budget_id, tx)
        revised, changed = revision.amount_revised(
            application,
            grant,
            command.amount_cents,
            command.conditions,
            command.exceeds_cap,
            command.reason,
            caller.sub,
            tx.at,
            later_shares=command.later_shares,
            year=budget.year,
        )
        if grant.session_id:
            session = await self._sessions.get(grant.session_id, tx)
            revision.require_resolved(session.item(application.id), revised.approved_cents)
        await self._move(tx, grant, changed, command.reason, caller.sub)
        await self._grants.save(tx, changed, GrantRevised(changed, grant.approved_cents))
        return revised

    async def _move(self, tx: Transaction, before: Grant, after: Grant, reason: str, by: str) -> None:
        """Commit what is more, free what is less."""
        more = after.approved_cents - before.approved_cents
        if more == 0:
            return
        if more > 0:
            await self._money.promise(tx, before, more, by, reason)
        else:
            await self._money.give_back(tx, before, -more, by, reason)
