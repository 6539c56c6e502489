"""Calendar events in their collection, found by the regions that they lie in, their organiser or their source."""

from datetime import UTC, datetime
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.events.domain.calendar_event import CalendarEvent
from services.events.usecases.ports import CalendarFilter


def _key(instant: datetime) -> str:
    """Sorts as text the way instants do in time."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _derive(event: CalendarEvent) -> dict[str, Any]:
    return {
        "regions": ancestors(event.region),
        "starts_key": f"{_key(event.starts_at)}/{event.id}",
        "ends_key": _key(event.ends_at),
        "is_published": event.is_published,
        # An entry of its own counts as its own source, so that one unique index holds for all.
        "source_key": event.source.key if event.source else f"events/{event.id}",
    }


def _query(wanted: CalendarFilter) -> dict[str, Any]:
    query: dict[str, Any] = {"regions": wanted.region, "visibility": {"$in": list(wanted.visibilities)}}
    query |= {} if wanted.drafts else {"is_published": True}
    query |= {"kind": wanted.kind} if wanted.kind else {}
    query |= {"organiser_id": wanted.organiser_id} if wanted.organiser_id else {}
    query |= {"topics": wanted.topic} if wanted.topic else {}
    ends = {"$gt": _key(wanted.ends_after)} if wanted.ends_after else {}
    ends |= {"$lte": _key(wanted.ends_until)} if wanted.ends_until else {}
    query |= {"ends_key": ends} if ends else {}
    query |= {"starts_key": {"$lt": _key(wanted.starts_before)}} if wanted.starts_before else {}
    return query


class MongoCalendarEvents(StoredAggregates[CalendarEvent]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "calendar_events",
            CalendarEvent,
            noun="calendar_event",
            derive=_derive,
            indexes=(
                Index("regions", "starts_key"),
                Index("organiser_id", "starts_key"),
                Index("source_key", unique=True, reason="ENTRY_EXISTS"),
            ),
        )

    async def matching(
        self, filter: CalendarFilter, request: PageRequest, *, latest_first: bool = False
    ) -> Page[CalendarEvent]:
        return await self.page(_query(filter), request, order="-starts_key" if latest_first else "starts_key")

    async def of_source(self, key: str, tx: Transaction) -> CalendarEvent | None:
        return await self.one({"source_key": key}, tx)

    async def misnaming(
        self, organiser_id: str, name: str, at: datetime, limit: int, tx: Transaction
    ) -> tuple[CalendarEvent, ...]:
        misnamed = {"organiser_id": organiser_id, "organiser_name": {"$ne": name}, "ends_key": {"$gt": _key(at)}}
        return await self.where(misnamed, tx, limit)
