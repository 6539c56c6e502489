"""The addresses of notify's own subscribers: the only collection with personal data."""

from chassis.store import Store, StoredRecords
from services.notify.domain.person import Person


class MongoPersons(StoredRecords[Person]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "persons", Person, noun="person")
