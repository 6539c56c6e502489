"""Who leads a session, and loading one for whoever does."""

from datetime import datetime

from chassis.ports import Caller, Transaction, berlin_day
from services.funds.domain.application import Application
from services.funds.domain.jury import Jury
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.grant import OwnGrant
from services.funds.domain.refusals.jury_session import MemberIsRecused, NotTheChair
from services.funds.usecases.affiliation import Affiliations
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.ports import Applications, Juries, Sessions


def require_chair(caller: Caller, session: JurySession, jury: Jury, at: datetime) -> None:
    """The chair is the office of the fund, a member who sits as chair today, or the host of an assembly."""
    if caller.may("fund_office", region=session.region):
        return
    member = jury.member_with_sub(caller.sub, berlin_day(at))
    leads = (member is not None and member.is_chair) or (bool(session.host_sub) and session.host_sub == caller.sub)
    if not leads or not caller.may("jury", region=session.region):
        raise NotTheChair


class Chairing:
    def __init__(
        self,
        juries: Juries,
        sessions: Sessions,
        applications: Applications,
        affiliations: Affiliations,
        applicants: Applicants,
    ) -> None:
        self._juries, self._sessions, self._applications = juries, sessions, applications
        self._affiliations, self._applicants = affiliations, applicants

    async def jury_of(self, tx: Transaction, session: JurySession) -> Jury:
        """The jury; of an assembly one in which nobody has a seat."""
        if not session.jury_id:
            return Jury("", session.region, session.fund_id, session.fund_name, "", seats=0)
        return await self._juries.get(session.jury_id, tx)

    async def loaded(self, tx: Transaction, session_id: str, etag: str = "") -> tuple[JurySession, Jury]:
        session = await self._sessions.get(session_id, tx, etag=etag)
        return session, await self.jury_of(tx, session)

    async def led(self, tx: Transaction, session_id: str, caller: Caller, etag: str = "") -> tuple[JurySession, Jury]:
        """The session, for its chair alone."""
        session, jury = await self.loaded(tx, session_id, etag)
        require_chair(caller, session, jury, tx.at)
        return session, jury

    async def item_led(
        self, tx: Transaction, session_id: str, application_id: str, caller: Caller
    ) -> tuple[JurySession, Jury]:
        """As `led_by_another`, with the recusals of now on the item."""
        session, jury = await self.led_by_another(tx, session_id, application_id, caller)
        return await self.recused(tx, session, jury, application_id), jury

    async def led_by_another(
        self, tx: Transaction, session_id: str, application_id: str, caller: Caller
    ) -> tuple[JurySession, Jury]:
        """As `led`, but never by who applies or is recused: motion, count and record are part of a decision."""
        session, jury = await self.led(tx, session_id, caller)
        recused = session.item(application_id).recused
        application = await self.of_another(tx, application_id, caller)
        hosts = bool(session.host_sub) and session.host_sub == caller.sub
        if hosts and session.host_ref == application.contact_ref:
            raise OwnGrant
        if member := jury.member_with_sub(caller.sub, berlin_day(tx.at)):
            found = await self._affiliations.recusals(tx, application_id, jury)
            if member.id in recused | {recusal.member_id for recusal in found}:
                raise MemberIsRecused
        return session, jury

    async def of_another(self, tx: Transaction, application_id: str, caller: Caller) -> Application:
        """The application, refused to whoever speaks for its applicant."""
        application = await self._applications.get(application_id, tx)
        await self._applicants.require_other(tx, caller, application)
        return application

    async def recused(self, tx: Transaction, session: JurySession, jury: Jury, application_id: str) -> JurySession:
        """The session with the recusals of now: relations may have become known since it opened."""
        took_part = (*session.item(application_id).voters, *session.present)
        return session.recuse(application_id, await self._affiliations.recusals(tx, application_id, jury, took_part))
