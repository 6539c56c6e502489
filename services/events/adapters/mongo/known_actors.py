"""Copies of actors in their collection."""

from chassis.store import Store, StoredRecords
from services.events.domain.known_actor import KnownActor


class MongoKnownActors(StoredRecords[KnownActor]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "known_actors", KnownActor, noun="known_actor")
