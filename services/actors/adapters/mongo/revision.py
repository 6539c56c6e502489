"""The history of all records in the collection `revisions`; rows are only ever added."""

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredRecords
from services.actors.domain.revision import Revision


class MongoRevisions(StoredRecords[Revision]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "revisions", Revision, noun="revision", indexes=(Index("actor_id"),))

    async def of_actor(self, actor_id: str, request: PageRequest) -> Page[Revision]:
        return await self.page({"actor_id": actor_id}, request, order="-_id")
