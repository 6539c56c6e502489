"""What funds remembers of actors and their relations."""

from chassis.ports import Transaction
from services.funds.domain.known_actor import KnownActor, KnownRelation
from services.funds.usecases.ports import KnownActors, KnownRelations


class ActorUseCases:
    def __init__(self, actors: KnownActors, relations: KnownRelations) -> None:
        self._actors, self._relations = actors, relations

    async def know_actor(self, tx: Transaction, actor: KnownActor) -> None:
        await self._actors.put(tx, actor)

    async def know_relation(self, tx: Transaction, relation: KnownRelation) -> None:
        await self._relations.put(tx, relation)
