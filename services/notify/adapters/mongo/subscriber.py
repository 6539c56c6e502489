"""Subscribers by person, by home region, and by what they hear."""

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.notify.domain.subscriber import Subscriber, SubscriberStatus


class MongoSubscribers(StoredAggregates[Subscriber]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "subscribers",
            Subscriber,
            noun="subscriber",
            derive=lambda s: {"home": ancestors(s.region), "hears": s.found_by()},
            indexes=(
                Index("person_ref", unique=True, reason="SUBSCRIBER_EXISTS"),
                Index("home"),
                Index("hears", "_id"),
            ),
        )

    async def of_person(self, person_ref: str, tx: Transaction) -> Subscriber | None:
        return await self.one({"person_ref": person_ref}, tx)

    async def of_region(self, region: str, status: SubscriberStatus | None, request: PageRequest) -> Page[Subscriber]:
        return await self.page({"home": region} | ({"status": status} if status else {}), request)

    async def hearing(self, key: str, after: str, limit: int) -> tuple[str, ...]:
        return await self.ids({"hears": key, "_id": {"$gt": after}}, limit)

    async def count_of(self, region: str, status: SubscriberStatus) -> int:
        return await self.count({"home": region, "status": status})
