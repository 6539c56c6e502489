"""Registered persons in their collection, the only one with names and addresses."""

from chassis.store import Store, StoredRecords
from services.events.domain.person import Person


class MongoPersons(StoredRecords[Person]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "persons", Person, noun="person")
