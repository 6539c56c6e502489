"""Actors in the collection `actors`, the numbers that they hold in `identifiers`."""

from collections.abc import Callable
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from lor import ancestors
from services.actors.domain.actor import Actor, ActorStatus
from services.actors.domain.duplicates import TakenIdentifier
from services.actors.usecases.ports import ActorFilter

_DISTRICT_REGION = 6


class MongoActors(StoredAggregates[Actor]):
    """`person_ref` turns a mail address into the reference that a mailbox is found by."""

    def __init__(self, store: Store, person_ref: Callable[[str], str]) -> None:
        super().__init__(
            store,
            "actors",
            Actor,
            noun="actor",
            derive=lambda a: {
                "regions": ancestors(a.region),
                "neighbourhood": a.region[:_DISTRICT_REGION],
                "mailboxes": tuple(person_ref(c.email) for c in a.contacts if c.email),
            },
            indexes=(Index("regions"), Index("neighbourhood"), Index("mailboxes")),
        )

    async def fitting(self, filter: ActorFilter, request: PageRequest) -> Page[Actor]:
        query: dict[str, Any] = {"regions": filter.region}
        if filter.kind:
            query["kind"] = filter.kind
        if filter.topic:
            query["topics"] = filter.topic
        if filter.status:
            query["status"] = filter.status
        if filter.public_only:
            query |= {"status": ActorStatus.ACTIVE, "is_public": True}
        return await self.page(query, request)

    async def neighbours(self, region: str, tx: Transaction) -> tuple[Actor, ...]:
        return await self.all_where({"neighbourhood": region[:_DISTRICT_REGION]}, tx)

    async def with_mailbox(self, person_ref: str) -> Actor | None:
        return await self.one({"mailboxes": person_ref, "status": ActorStatus.ACTIVE})


class MongoTakenIdentifiers(StoredRecords[TakenIdentifier]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "identifiers", TakenIdentifier, noun="identifier")
