"""Drafting, handing in, withdrawing and reading applications: the applicant's side."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Email, Id, Line, OptionalId, PageSize, PageToken, Text
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region, within
from services.funds.domain.application import Application, ApplicationStatus, receiving_round
from services.funds.domain.application_form import ApplicationForm
from services.funds.domain.facts.application import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from services.funds.domain.fund import Fund
from services.funds.domain.fund_rules import LateApplications
from services.funds.domain.funding_round import FundingRound
from services.funds.domain.person import Language
from services.funds.domain.refusals.application import (
    NotYourApplicant,
    RegionOutsideRound,
    RoundNeeded,
    RoundOfAnotherFund,
)
from services.funds.usecases.applicant import (
    Applicants,
    require_owner_or,
    require_right_to_apply,
    speaks_for,
)
from services.funds.usecases.ports import Applications, Funds, Persons, Rounds, Sessions

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


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    application_id: Id
    reason: Reason
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetApplication:
    application_id: Id


@dataclass(frozen=True, slots=True)
class ListApplications:
    region: OptionalRegion = ""
    fund_id: OptionalId = ""
    round_id: OptionalId = ""
    status: ApplicationStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class ListMyApplications:
    applicant_actor_id: OptionalId = ""
    page_size: PageSize = 0
    page_token: PageToken = ""


class ApplicationUseCases:
    def __init__(
        self,
        funds: Funds,
        rounds: Rounds,
        applications: Applications,
        sessions: Sessions,
        persons: Persons,
        applicants: Applicants,
    ) -> None:
        self._funds, self._rounds, self._applications = funds, rounds, applications
        self._sessions, self._persons, self._applicants = sessions, persons, applicants

    async def draft_application(self, tx: Transaction, command: DraftApplication, caller: Caller) -> Application:
        by_office = require_right_to_apply(caller, command.applicant_actor_id, command.region)
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
        return await self._applications.save(tx, application.revise(command.form))

    async def submit_application(self, tx: Transaction, command: SubmitApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        fund = await self._funds.get(application.fund_id, tx)
        funding_round, late = await self._receiving(tx, fund, application)
        rules = (funding_round.rules if funding_round else None) or fund.rules
        await self._applicants.eligible(tx, application.applicant_actor_id, rules)
        contact_ref = await self._persons.keep(
            tx, command.contact_name, command.contact_email, command.contact_language
        )
        submitted = application.submit(funding_round, rules, contact_ref, caller.sub, tx.at)
        return await self._applications.save(tx, submitted, ApplicationSubmitted(submitted, late))

    async def resubmit_application(self, tx: Transaction, command: ResubmitApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        answered = application.answer(caller.sub, tx.at)
        return await self._applications.save(tx, answered, ApplicationSubmitted(answered, late=False))

    async def withdraw_application(self, tx: Transaction, command: WithdrawApplication, caller: Caller) -> Application:
        application = await self._own(tx, command.application_id, command.etag, caller)
        withdrawn = application.withdraw(command.reason, caller.sub, tx.at)
        if application.status is ApplicationStatus.SCHEDULED:
            session = await self._sessions.get(application.session_id, tx)
            await self._sessions.save(tx, session.take_off(application.id, caller.sub, tx.at))
        said = () if application.status is ApplicationStatus.DRAFT else (ApplicationWithdrawn(withdrawn),)
        return await self._applications.save(tx, withdrawn, *said)

    async def get_application(self, query: GetApplication, caller: Caller) -> Application:
        application = await self._applications.get(query.application_id)
        jury = ("jury",) if application.session_id else ()
        require_owner_or(caller, application, "fund_office", "auditor", *jury)
        return application

    async def list_applications(self, query: ListApplications, caller: Caller) -> Page[Application]:
        region = query.region or CITY
        caller.require("fund_office", "auditor", region=region)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._applications.listed(region, query.fund_id, query.round_id, query.status, request)

    async def list_my_applications(self, query: ListMyApplications, caller: Caller) -> Page[Application]:
        actor_id = query.applicant_actor_id
        if actor_id and not speaks_for(caller, actor_id):
            raise NotYourApplicant
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._applications.owned(actor_id or caller.sub, request)

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

    async def _receiving(
        self, tx: Transaction, fund: Fund, application: Application
    ) -> tuple[FundingRound | None, bool]:
        if not application.round_id:
            return None, False
        wanted = await self._rounds.get(application.round_id, tx)
        goes_on = (wanted.rules or fund.rules).late is LateApplications.NEXT_ROUND
        later = await self._rounds.next_after(tx, wanted) if goes_on else None
        receiving, late = receiving_round(wanted, later, tx.at)
        # A round that is cancelled or concluded meanwhile must not get it.
        await self._rounds.hold(tx, receiving.id)
        return receiving, late

    async def _own(self, tx: Transaction, application_id: str, etag: str, caller: Caller) -> Application:
        application = await self._applications.get(application_id, tx, etag=etag)
        require_owner_or(caller, application, "fund_office")
        return application
