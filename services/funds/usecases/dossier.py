"""Putting the dossier of a session together, for those who sit in it or look over it."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.ports import Caller
from services.funds.domain.dossier import Dossier, dossier
from services.funds.domain.person import Language
from services.funds.usecases.ports import Applications, Budgets, KnownActors, Sessions


@dataclass(frozen=True, slots=True)
class GetDossier:
    session_id: Id
    language: Language = Language.DE


class DossierUseCases:
    def __init__(self, sessions: Sessions, budgets: Budgets, applications: Applications, actors: KnownActors) -> None:
        self._sessions, self._budgets, self._applications, self._actors = sessions, budgets, applications, actors

    async def get_dossier(self, query: GetDossier, caller: Caller) -> Dossier:
        session = await self._sessions.get(query.session_id)
        caller.require("fund_office", "jury", "auditor", region=session.region)
        budget = await self._budgets.get(session.budget_id)
        found = await self._applications.many(item.application_id for item in session.agenda)
        ids = (application.applicant_actor_id for application in found if application.applicant_actor_id)
        names = {actor.id: actor.name for actor in await self._actors.many(ids)}
        return dossier(session, budget, {application.id: application for application in found}, names)
