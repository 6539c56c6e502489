"""Secret links in their collection, by the digest of their secret."""

from chassis.store import Store, StoredRecords
from services.events.domain.secret_link import SecretLink


class MongoSecretLinks(StoredRecords[SecretLink]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "secret_links", SecretLink, noun="secret_link")
