"""Drafting applications, handing them in and answering questions: the applicant's side."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Email, Id, Line, OptionalId, Text
from chassis.ports import Caller, Transaction, new_id, together
from lor import Region, within
from services.funds.domain.application import Application
from services.funds.domain.application_form import ApplicationForm
from services.funds.domain.facts.application import ApplicationSubmitted
from services.funds.domain.fund import Fund
from services.funds.domain.fund_rules import LateApplications
from services.funds.domain.funding_round import FundingRound, receiving_round
from services.funds.domain.person import Language
from services.funds.domain.refusals.application import (
    RegionOutsideRound,
    RoundNeeded,
    RoundOfAnotherFund,
)
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application_file import as_seen_by
from services.funds.usecases.ports import Applications, Funds, Persons, Rounds

INFO_DUE = "info_due"
Reason = Annotated[Text, MinLen(1), MaxLen(2_000)]


@dataclass(frozen=True, slots=True)
class DraftApplication:
    fund_id: Id
    region: Region
    form: ApplicationForm
    round_id: OptionalId = ""
    applicant_actor_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class ReviseApplication:
    application_id: Id
    form: ApplicationForm
    etag: str = ""


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    application_id: Id
    contact_name: Line
    contact_email: Email
    contact_language: Language = Language.DE
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ResubmitApplication:
    application_id: Id
    etag: str = ""


class ApplicationUseCases:
    def __init__(
        self,
        funds: Funds,
        rounds: Rounds,
        applications: Applications,
        persons: Persons,
        applicants: Applicants,
    ) -> None:
        self._funds, self._rounds, self._applications = funds, rounds, applications
        self._persons, self._applicants = persons, applicants

    async def draft_application(self, tx: Transaction, command: DraftApplication, caller: Caller) -> Application:
        by_office = await self._applicants.require_right_to_apply(
            tx, caller, command.applicant_actor_id, command.region
        )
        fund = await self._funds.get(command.fund_id, tx)
        funding_round = await self._round_of(tx, fund, command.round_id)
        home = funding_round.region if funding_round else fund.region
        if not within(command.region, home):
            raise RegionOutsideRound(home)
        applicant = await self._applicants.named(tx, command.applicant_actor_id)
        draft = Application(
            id=new_id(),
            region=command.region,
            fund_id=fund.id,
            fund_name=fund.name,
            round_id=command.round_id,
            round_name=funding_round.name if funding_round else "",
            applicant_actor_id=applicant.id if applicant else "",
            applicant_sub="" if by_office else caller.sub,
            entered_by=caller.sub,
            form=command.form,
        )
        return await self._applications.add(tx, draft)

    async def revise_application(self, tx: Transaction, command: ReviseApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        return as_seen_by(await self._applications.save(tx, application.revise(command.form)), caller)

    async def submit_application(self, tx: Transaction, command: SubmitApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        fund, wanted, contact_ref = await together(
            self._funds.get(application.fund_id, tx),
            self._wanted(tx, application),
            self._contact(tx, command, "" if caller.may("fund_office", region=application.region) else caller.sub),
        )
        funding_round, late = await self._receiving(tx, fund, wanted)
        rules = (funding_round.rules if funding_round else None) or fund.rules
        await self._applicants.eligible(tx, application.applicant_actor_id, rules)
        submitted = application.submit(funding_round, rules, contact_ref, caller.sub, tx.at)
        return as_seen_by(await self._applications.save(tx, submitted, ApplicationSubmitted(submitted, late)), caller)

    def _contact(self, tx: Transaction, command: SubmitApplication, by: str) -> Awaitable[str]:
        return self._persons.keep(tx, command.contact_name, command.contact_email, command.contact_language, by=by)

    async def resubmit_application(self, tx: Transaction, command: ResubmitApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        answered = application.answer(caller.sub, tx.at)
        tx.cancel_timer(answered.id, INFO_DUE)
        saved = await self._applications.save(tx, answered, ApplicationSubmitted(answered, late=False))
        return as_seen_by(saved, caller)

    async def round_locks(self, command: SubmitApplication) -> tuple[str, ...]:
        """Submissions queue for their round, which each of them holds."""
        application = await self._applications.get(command.application_id)
        return (application.id, *((application.round_id,) if application.round_id else ()))

    async def _round_of(self, tx: Transaction, fund: Fund, round_id: str) -> FundingRound | None:
        if not round_id:
            if fund.rules.rolling:
                return None
            raise RoundNeeded
        funding_round = await self._rounds.get(round_id, tx)
        if funding_round.fund_id != fund.id:
            raise RoundOfAnotherFund
        return funding_round

    async def _wanted(self, tx: Transaction, application: Application) -> FundingRound | None:
        return await self._rounds.get(application.round_id, tx) if application.round_id else None

    async def _receiving(
        self, tx: Transaction, fund: Fund, wanted: FundingRound | None
    ) -> tuple[FundingRound | None, bool]:
        if wanted is None:
            if not fund.rules.rolling:
                raise RoundNeeded
            return None, False
        goes_on = (wanted.rules or fund.rules).late is LateApplications.NEXT_ROUND
        later = await self._rounds.next_after(tx, wanted) if goes_on else None
        receiving, late = receiving_round(wanted, later, tx.at)
        # A round that is cancelled or concluded meanwhile must not get it.
        await self._rounds.hold(tx, receiving.id)
        return receiving, late

    async def _own(self, tx: Transaction, application_id: str, etag: str, caller: Caller) -> Application:
        application = await self._applications.get(application_id, tx, etag=etag)
        await self._applicants.require_owner_or(caller, application, "fund_office", tx=tx)
        return application
