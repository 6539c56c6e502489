"""Reading the history of an actor."""

from dataclasses import dataclass

from chassis.fields import Id, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest
from services.actors.domain.revision import Revision
from services.actors.usecases.ports import Actors, Revisions


@dataclass(frozen=True, slots=True)
class ListRevisions:
    actor_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


class RevisionUseCases:
    def __init__(self, actors: Actors, revisions: Revisions) -> None:
        self._actors, self._revisions = actors, revisions

    async def list_revisions(self, query: ListRevisions, caller: Caller) -> Page[Revision]:
        actor = await self._actors.get(query.actor_id)
        caller.require("coordinator", "auditor", "operator", region=actor.region)
        return await self._revisions.of_actor(actor.id, PageRequest(query.page_size, query.page_token, caller.sub))
