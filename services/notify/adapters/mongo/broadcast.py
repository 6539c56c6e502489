"""Broadcasts, and those with recipients left."""

from chassis.store import Index, Store, StoredAggregates
from services.notify.domain.broadcast import Broadcast


class MongoBroadcasts(StoredAggregates[Broadcast]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "broadcasts",
            Broadcast,
            noun="broadcast",
            derive=lambda b: {"running": not b.is_done},
            indexes=(Index("running"),),
        )

    async def running(self) -> tuple[Broadcast, ...]:
        return await self.where({"running": True})

    async def count_running(self) -> int:
        return await self.count({"running": True})
