"""Fingerprints of secret links."""

from chassis.store import Store, StoredRecords
from services.notify.domain.link import Link


class MongoLinks(StoredRecords[Link]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "links", Link, noun="link")
