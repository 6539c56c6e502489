"""Copies of actors and relations in MongoDB."""

from chassis.ports import Transaction
from chassis.store import Index, Store, StoredRecords
from services.funds.domain.known_actor import KnownActor, KnownRelation


class MongoKnownActors(StoredRecords[KnownActor]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "known_actors", KnownActor, noun="actor", indexes=(Index("merged_into"),))

    async def merged_into(self, actor_id: str, tx: Transaction | None = None) -> tuple[KnownActor, ...]:
        return await self.all_where({"merged_into": actor_id}, tx)


class MongoKnownRelations(StoredRecords[KnownRelation]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "known_relations",
            KnownRelation,
            noun="relation",
            derive=lambda relation: {"ends": tuple(filter(None, (relation.from_id, relation.to_id)))},
            indexes=(Index("ends"),),
        )

    async def touching(self, actor_id: str, tx: Transaction | None = None) -> tuple[KnownRelation, ...]:
        return await self.all_where({"ends": actor_id}, tx)
