"""Looking actors up: each reader gets the projection that is theirs."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Id, OptionalLine, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest
from lor import CITY, OptionalRegion
from services.actors.domain.actor import Actor, ActorStatus
from services.actors.domain.profile import ActorKind
from services.actors.domain.refusals import ActorNotShown
from services.actors.usecases.ports import ActorFilter, Actors
from services.actors.usecases.projection import KEEPERS, clearance, keeps, project


@dataclass(frozen=True, slots=True)
class GetActor:
    actor_id: Id


@dataclass(frozen=True, slots=True)
class BatchGetActors:
    actor_ids: Annotated[tuple[Id, ...], MinLen(1), MaxLen(500)]


@dataclass(frozen=True, slots=True)
class ListActors:
    region: OptionalRegion = ""
    kind: ActorKind | None = None
    topic: OptionalLine = ""
    status: ActorStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


class DirectoryUseCases:
    def __init__(self, actors: Actors) -> None:
        self._actors = actors

    async def get_actor(self, query: GetActor, caller: Caller) -> Actor:
        shown = project(await self._actors.get(query.actor_id), caller)
        if shown is None:
            raise ActorNotShown(query.actor_id)
        return shown

    async def batch_get_actors(self, query: BatchGetActors, caller: Caller) -> tuple[Actor, ...]:
        found = (project(actor, caller) for actor in await self._actors.many(query.actor_ids))
        return tuple(actor for actor in found if actor is not None)

    async def list_actors(self, query: ListActors, caller: Caller) -> Page[Actor]:
        region = query.region or CITY
        if query.status not in {None, ActorStatus.ACTIVE}:
            caller.require(*KEEPERS, region=region)
        wanted = ActorFilter(region, query.kind, query.topic, query.status, public_only=not keeps(caller, region))
        page = await self._actors.fitting(wanted, PageRequest(query.page_size, query.page_token, caller.sub))
        # A keeper of a part of the region lists it as the public does, and still sees the own part's contacts.
        return Page(tuple(a.seen_with(clearance(caller, a.region)) for a in page.items), page.next_page_token)
