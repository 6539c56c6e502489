"""Reading applications: who sees one, and how much of who did what."""

from dataclasses import dataclass

from chassis.fields import Id, OptionalId, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest
from lor import CITY, OptionalRegion
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.names import with_own_name_only
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.ports import Applications


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


def as_seen_by(application: Application, caller: Caller) -> Application:
    """Who did what is for the office and the auditor; everyone else reads what happened, when and why."""
    inside = caller.may("fund_office", "auditor", region=application.region)
    return application if inside else with_own_name_only(application, caller.sub)


class ApplicationFileUseCases:
    def __init__(self, applications: Applications, applicants: Applicants) -> None:
        self._applications, self._applicants = applications, applicants

    async def get_application(self, query: GetApplication, caller: Caller) -> Application:
        application = await self._applications.get(query.application_id)
        jury = ("jury",) if application.session_id else ()
        await self._applicants.require_owner_or(caller, application, "fund_office", "auditor", *jury)
        return as_seen_by(application, caller)

    async def list_applications(self, query: ListApplications, caller: Caller) -> Page[Application]:
        region = query.region or CITY
        caller.require("fund_office", "auditor", region=region)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._applications.listed(region, query.fund_id, query.round_id, query.status, request)

    async def list_my_applications(self, query: ListMyApplications, caller: Caller) -> Page[Application]:
        """The caller's own, or those of an actor under each id that it has had."""
        owners: tuple[str, ...] = (caller.sub,)
        if query.applicant_actor_id:
            await self._applicants.require_speaks_for(caller, query.applicant_actor_id)
            owners = await self._applicants.same_as(query.applicant_actor_id)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        page = await self._applications.owned(owners, request)
        return Page(tuple(as_seen_by(application, caller) for application in page.items), page.next_page_token)
