"""Relations: started, ended, listed, and asked who is responsible."""

from dataclasses import dataclass
from datetime import date

from chassis.fields import Day, Id, OptionalId, OptionalLine, PageSize, PageToken
from chassis.ports import Caller, Clock, Page, PageRequest, Transaction, berlin_day, new_id
from lor import OptionalRegion, Region, ancestors
from services.actors.domain.actor import Actor
from services.actors.domain.facts import RelationEnded, RelationStarted
from services.actors.domain.refusals import ActorNotShown, RelationExists
from services.actors.domain.relation import Rank, Relation, RelationKind
from services.actors.domain.revision import Action
from services.actors.usecases.history import History
from services.actors.usecases.ports import Actors, Relations
from services.actors.usecases.projection import keeps, project


@dataclass(frozen=True, slots=True)
class StartRelation:
    from_actor_id: Id
    kind: RelationKind
    to_actor_id: OptionalId = ""
    target_region: OptionalRegion = ""
    rank: Rank | None = None
    from_day: Day | None = None
    until_day: Day | None = None


@dataclass(frozen=True, slots=True)
class EndRelation:
    relation_id: Id
    until_day: Day | None = None
    reason: OptionalLine = ""
    etag: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class ListRelations:
    actor_id: Id
    kind: RelationKind | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class ListResponsible:
    region: Region
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """An actor and the relation by which it is responsible."""

    actor: Actor
    relation: Relation


class RelationUseCases:
    def __init__(self, actors: Actors, relations: Relations, history: History, clock: Clock) -> None:
        self._actors, self._relations, self._history, self._clock = actors, relations, history, clock

    async def start_relation(self, tx: Transaction, command: StartRelation, caller: Caller) -> Relation:
        ends = [await self._actors.get(id, tx) for id in (command.from_actor_id, command.to_actor_id) if id]
        relation = _relation(command, ends, berlin_day(tx.at))
        caller.require("coordinator", region=relation.region)
        for actor in ends:
            actor.relate()
        await self._refuse_repetition(tx, relation)
        await self._history.of_relation(tx, Action.RELATION_STARTED, None, relation, caller)
        return await self._relations.add(tx, relation, RelationStarted(relation))

    async def _refuse_repetition(self, tx: Transaction, relation: Relation) -> None:
        # Of two at once each would see no other: both write the actor that they begin with.
        await self._actors.hold(tx, relation.from_actor_id)
        for other in await self._relations.of_actor(relation.from_actor_id, tx):
            if relation.repeats(other):
                raise RelationExists(other.id)

    async def end_relation(self, tx: Transaction, command: EndRelation, caller: Caller) -> Relation:
        relation = await self._relations.get(command.relation_id, tx, etag=command.etag)
        caller.require("coordinator", region=relation.region)
        ended = relation.end(command.until_day or berlin_day(tx.at))
        await self._history.of_relation(tx, Action.RELATION_ENDED, relation, ended, caller, command.reason)
        return await self._relations.save(tx, ended, RelationEnded(ended))

    async def list_relations(self, query: ListRelations, caller: Caller) -> Page[Relation]:
        actor = await self._actors.get(query.actor_id)
        if project(actor, caller) is None:
            raise ActorNotShown(query.actor_id)
        page = PageRequest(query.page_size, query.page_token, caller.sub)
        public_only = not keeps(caller, actor.region)
        return await self._relations.page_of_actor(query.actor_id, query.kind, page, public_only=public_only)

    async def list_responsible(self, query: ListResponsible, caller: Caller) -> tuple[Responsible, ...]:
        day = query.day or berlin_day(self._clock.now())
        outwards = ancestors(query.region)[::-1]
        found = await self._relations.responsible_for(outwards)
        shown = [r for r in found if r.holds_on(day) and (r.is_public or keeps(caller, r.region))]
        actors = {a.id: project(a, caller) for a in await self._actors.many(r.from_actor_id for r in shown)}
        nearest = sorted(shown, key=lambda r: (outwards.index(r.target_region), r.rank is not Rank.MAIN, r.id))
        pairs = ((actors.get(r.from_actor_id), r) for r in nearest)
        return tuple(Responsible(actor, r) for actor, r in pairs if actor is not None and actor.is_active)


def _relation(command: StartRelation, ends: list[Actor], today: date) -> Relation:
    return Relation(
        id=new_id(),
        region=command.target_region or ends[0].region,
        kind=command.kind,
        from_actor_id=command.from_actor_id,
        to_actor_id=command.to_actor_id,
        target_region=command.target_region,
        rank=command.rank,
        from_day=command.from_day or today,
        until_day=command.until_day,
        is_public=all(actor.is_said_publicly for actor in ends),
    )
