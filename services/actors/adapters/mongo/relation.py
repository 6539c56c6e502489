"""Relations in the collection `relations`, found from either end and by the region that they are for."""

from collections.abc import Iterable
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from services.actors.domain.relation import Relation, RelationKind


class MongoRelations(StoredAggregates[Relation]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "relations",
            Relation,
            noun="relation",
            derive=lambda r: {"actor_ids": r.actor_ids},
            indexes=(Index("actor_ids"), Index("target_region")),
        )

    async def of_actor(self, actor_id: str, tx: Transaction) -> tuple[Relation, ...]:
        return await self.all_where({"actor_ids": actor_id}, tx)

    async def page_of_actor(
        self, actor_id: str, kind: RelationKind | None, request: PageRequest, *, public_only: bool
    ) -> Page[Relation]:
        query: dict[str, Any] = {"actor_ids": actor_id}
        if kind:
            query["kind"] = kind
        if public_only:
            query["is_public"] = True
        return await self.page(query, request)

    async def responsible_for(self, regions: Iterable[str]) -> tuple[Relation, ...]:
        return await self.all_where({"target_region": {"$in": list(regions)}})
