"""Entries that the calendar makes by itself, and keeps in step with what they were made from."""

from dataclasses import dataclass
from datetime import datetime

from chassis.ports import Transaction, new_id
from services.events.domain.calendar_event import CalendarEvent, Source, new_uid
from services.events.domain.facts import EventPublished, change
from services.events.domain.place import Place
from services.events.domain.terms import EventKind, EventStatus, EventVisibility
from services.events.usecases.calendar_event import COMPLETION
from services.events.usecases.ports import CalendarEvents, KnownActors


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """What should stand in the calendar for `source`, now."""

    source: Source
    region: str
    kind: EventKind
    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool = False
    description: str = ""
    place: Place | None = None
    organiser_id: str = ""
    visibility: EventVisibility = EventVisibility.PUBLIC
    cancelled: bool = False
    cancel_reason: str = ""


class SourceEntryUseCases:
    def __init__(self, events: CalendarEvents, actors: KnownActors) -> None:
        self._events, self._actors = events, actors

    async def follow_source(self, tx: Transaction, entry: SourceEntry) -> None:
        """Exactly one calendar event per source: made when first heard of, then moved, changed or cancelled with it."""
        wanted = await self._wanted(tx, entry)
        before = await self._events.of_source(entry.source.key, tx)
        if before is None:
            if not entry.cancelled:
                tx.set_timer(wanted.id, COMPLETION, wanted.ends_at)
                await self._events.add(tx, wanted, EventPublished(wanted))
            return
        after = before.follow(wanted, tx.at)
        if after is before:
            return
        if after.is_cancelled:
            tx.cancel_timer(after.id, COMPLETION)
        else:
            tx.set_timer(after.id, COMPLETION, after.ends_at)
        await self._events.save(tx, after, *change(before, after))

    async def _wanted(self, tx: Transaction, entry: SourceEntry) -> CalendarEvent:
        organiser = await self._actors.find(entry.organiser_id, tx) if entry.organiser_id else None
        id = new_id()
        return CalendarEvent(
            id=id,
            uid=new_uid(id),
            region=entry.region,
            kind=entry.kind,
            title=entry.title,
            description=entry.description,
            organiser_id=entry.organiser_id,
            organiser_name=organiser.name if organiser else "",
            place=entry.place,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            all_day=entry.all_day,
            status=EventStatus.CANCELLED if entry.cancelled else EventStatus.CONFIRMED,
            cancel_reason=entry.cancel_reason,
            visibility=entry.visibility,
            source=entry.source,
            created_at=tx.at,
            updated_at=tx.at,
            published_at=tx.at,
        ).checked()
