"""Awarding money: budget, ledger, grant and application change together, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Cents, Id, OptionalText, Text
from chassis.ports import Caller, Transaction, berlin_day, new_id
from lor import within
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.budget import Budget
from services.funds.domain.continuing import on_terms
from services.funds.domain.facts.application import ApplicationApproved, ApplicationDeclined
from services.funds.domain.facts.grant import GrantAwarded
from services.funds.domain.fund_rules import DecisionBody
from services.funds.domain.funding_round import FundingRound
from services.funds.domain.grant import Grant
from services.funds.domain.grant_public import place_of_a_person
from services.funds.domain.refusals.application import ApplicationInState, CapHasNoException, DecidedByAnother
from services.funds.domain.refusals.jury_session import JuryElsewhere
from services.funds.domain.year_share import YearShare
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application import Reason
from services.funds.usecases.booking import book, stamp
from services.funds.usecases.ports import Applications, Budgets, Grants, Ledger, Rounds

Conditions = Annotated[tuple[Annotated[Text, MaxLen(500)], ...], MaxLen(10)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was resolved on, where, and by whom: `decided_by` are the `sub`s of whoever took part, who may never pay.

    `amount_cents` comes from the budget of now, `later_shares` from those of the years that follow.
    """

    budget_id: str
    session_id: str
    amount_cents: int
    conditions: tuple[str, ...]
    exception_reason: str
    decided_by: tuple[str, ...]
    later_shares: tuple[YearShare, ...] = ()

    @property
    def total_cents(self) -> int:
        return self.amount_cents + sum(share.amount_cents for share in self.later_shares)


@dataclass(frozen=True, slots=True)
class AwardApplication:
    application_id: Id
    budget_id: Id
    amount_cents: Cents
    conditions: Conditions = ()
    exception_reason: OptionalText = ""
    later_shares: Annotated[tuple[YearShare, ...], MaxLen(9)] = ()
    etag: str = ""


@dataclass(frozen=True, slots=True)
class DeclineApplication:
    application_id: Id
    reason: Reason
    etag: str = ""


class AwardUseCases:
    def __init__(
        self,
        applications: Applications,
        rounds: Rounds,
        budgets: Budgets,
        ledger: Ledger,
        grants: Grants,
        applicants: Applicants,
    ) -> None:
        self._applications, self._rounds, self._budgets, self._ledger = applications, rounds, budgets, ledger
        self._grants, self._applicants = grants, applicants

    async def award_application(self, tx: Transaction, command: AwardApplication, caller: Caller) -> Application:
        """The office's own decision, where the rules of the fund leave it to the office."""
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        if command.exception_reason and not application.frozen_rules.cap_exception_allowed:
            raise CapHasNoException
        decision = Decision(
            budget_id=command.budget_id,
            session_id="",
            amount_cents=command.amount_cents,
            conditions=command.conditions,
            exception_reason=command.exception_reason,
            decided_by=(caller.sub,),
            later_shares=command.later_shares,
        )
        await self.award(tx, application, decision, caller.sub)
        return await self._applications.get(application.id, tx)

    async def decline_application(self, tx: Transaction, command: DeclineApplication, caller: Caller) -> Application:
        application = await self._of_office(tx, command.application_id, command.etag, caller)
        await self.require_round_over(tx, application)
        declined = application.decline(command.reason, caller.sub, tx.at)
        return await self._applications.save(tx, declined, ApplicationDeclined(declined, command.reason))

    async def award(self, tx: Transaction, application: Application, decision: Decision, by: str) -> Grant:
        """Commit the money and bind the decision; refused as a whole when the pot, the cap or a state says no."""
        funding_round = await self.require_round_over(tx, application)
        budget = await self._budgets.get(decision.budget_id, tx)
        if funding_round:
            funding_round.require_pot_of(budget.year, tx.at, put_off=application.was_deferred)
        if budget.fund_id != application.fund_id or not within(application.region, budget.region):
            raise JuryElsewhere("budget_id")
        earlier = await self._grants.taken_back(tx, application.id)
        grant_id = earlier.id if earlier else new_id()
        approved = application.approve(
            decision.total_cents, decision.conditions, grant_id, decision.exception_reason, by, tx.at
        )
        committed, posting = budget.commit(decision.amount_cents, grant_id, stamp(tx, budget, by))
        grant = await self._grant(tx, approved, budget, decision)
        await book(tx, self._budgets, self._ledger, committed, posting)
        await self._applications.save(tx, approved, ApplicationApproved(approved))
        if earlier:
            return await self._grants.save(tx, grant, GrantAwarded(grant))
        return await self._grants.add(tx, grant, GrantAwarded(grant))

    async def require_round_over(self, tx: Transaction, application: Application) -> FundingRound | None:
        """The round of the application, which others can no longer apply in; None where it has none."""
        if not application.round_id:
            return None
        funding_round = await self._rounds.get(application.round_id, tx)
        funding_round.require_over(tx.at)
        # It must not be opened again in this very moment.
        await self._rounds.hold(tx, funding_round.id)
        return funding_round

    async def budget_locks(self, command: AwardApplication) -> tuple[str, ...]:
        """Awards queue for the pot: whoever comes second sees what the first has left."""
        return (command.application_id, command.budget_id)

    async def _grant(self, tx: Transaction, approved: Application, budget: Budget, decision: Decision) -> Grant:
        rules, form = approved.frozen_rules, approved.form
        if form.starts_on is None or form.ends_on is None:
            raise ApplicationInState(approved.status, (ApplicationStatus.SUBMITTED,))
        recipient = await self._applicants.active(tx, approved.applicant_actor_id)
        grant = Grant.award(
            id=approved.grant_id,
            region=approved.region if recipient else place_of_a_person(approved.region, budget.region),
            year=budget.year,
            fund_id=approved.fund_id,
            fund_name=approved.fund_name,
            budget_id=budget.id,
            application_id=approved.id,
            session_id=decision.session_id,
            title=approved.title,
            goals=form.goals,
            recipient_actor_id=recipient.id if recipient else "",
            recipient_name=recipient.name if recipient else "",
            applicant_sub=approved.applicant_sub,
            contact_ref=approved.contact_ref,
            requested_cents=approved.requested_cents,
            approved_cents=decision.amount_cents,
            conditions=approved.conditions,
            rules=rules,
            starts_on=form.starts_on,
            ends_on=form.ends_on,
            decided_by=unique(decision.decided_by),
            decided_on=berlin_day(tx.at),
        )
        return on_terms(grant, rules, decision.later_shares, budget.year)

    async def _of_office(self, tx: Transaction, application_id: str, etag: str, caller: Caller) -> Application:
        application = await self._applications.get(application_id, tx, etag=etag)
        caller.require("fund_office", region=application.region)
        await self._applicants.require_other(tx, caller, application)
        body = application.frozen_rules.decision_body
        if body is not DecisionBody.OFFICE:
            raise DecidedByAnother(body)
        if application.status is ApplicationStatus.SCHEDULED:
            # Its session would be left with an item that nothing can end.
            raise ApplicationInState(application.status, (ApplicationStatus.ADMISSIBLE, ApplicationStatus.DEFERRED))
        return application


def unique(subs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sub for sub in subs if sub))
