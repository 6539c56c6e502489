"""What funds remembers of actors and their relations."""

from dataclasses import replace

from chassis.ports import Transaction
from services.funds.domain.known_actor import KnownActor, KnownRelation
from services.funds.usecases.ports import KnownActors, KnownRelations


class ActorUseCases:
    def __init__(self, actors: KnownActors, relations: KnownRelations) -> None:
        self._actors, self._relations = actors, relations

    async def know_actor(self, tx: Transaction, actor: KnownActor, *, lapsed: bool | None = None) -> None:
        """Keep the copy; whether the record has lapsed stays as it was where the message says nothing of it."""
        if lapsed is None:
            before = await self._actors.find(actor.id, tx)
            lapsed = before is not None and before.has_lapsed
        await self._actors.put(tx, replace(actor, has_lapsed=lapsed))

    async def know_relation(self, tx: Transaction, relation: KnownRelation) -> None:
        await self._relations.put(tx, relation)
