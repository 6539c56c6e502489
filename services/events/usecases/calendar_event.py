"""What can be done with calendar events, and how they are found."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import Id, Keyword, Line, OptionalId, OptionalLine, OptionalText, PageSize, PageToken, Text
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region
from services.events.domain.calendar_event import (
    AgendaItem,
    CalendarEvent,
    new_uid,
)
from services.events.domain.facts import EventCompleted, EventPublished, change
from services.events.domain.place import Online, OptionalUrl, Place
from services.events.domain.terms import (
    Capacity,
    EventKind,
    EventStatus,
    EventVisibility,
    Instant,
    LanguageTag,
    RegistrationMode,
    TimeZone,
)
from services.events.usecases.ports import CalendarEvents, CalendarFilter, KnownActors
from services.events.usecases.readership import for_reader, require_planner, require_visible, visibilities

COMPLETION = "completion"
REGISTRATIONS_END = "registrations_end"

Keywords = Annotated[tuple[Keyword, ...], MaxLen(30)]
Languages = Annotated[tuple[LanguageTag, ...], MaxLen(30)]
Agenda = Annotated[tuple[AgendaItem, ...], MaxLen(50)]
Ids = Annotated[tuple[Id, ...], MaxLen(30)]


@dataclass(frozen=True, slots=True)
class DraftCalendarEvent:
    region: Region
    organiser_id: Id
    kind: EventKind
    title: Line
    starts_at: Instant
    ends_at: Instant
    time_zone: TimeZone = "Europe/Berlin"
    all_day: bool = False
    tentative: bool = False
    visibility: EventVisibility = EventVisibility.PUBLIC
    description: OptionalText = ""
    co_organiser_ids: Ids = ()
    place: Place | None = None
    online: Online | None = None
    agenda: Agenda = ()
    registration: RegistrationMode = RegistrationMode.NONE
    capacity: Capacity = 0
    offer_hours: Annotated[int, Ge(1), Le(336)] = 48
    cost: OptionalLine = ""
    target_groups: Keywords = ()
    languages: Languages = ()
    topics: Keywords = ()
    url: OptionalUrl = ""
    grant_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class PublishCalendarEvent:
    event_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class UpdateCalendarEvent:
    event_id: Id
    kind: EventKind
    title: Line
    tentative: bool = False
    description: OptionalText = ""
    co_organiser_ids: Ids = ()
    online: Online | None = None
    agenda: Agenda = ()
    cost: OptionalLine = ""
    target_groups: Keywords = ()
    languages: Languages = ()
    topics: Keywords = ()
    url: OptionalUrl = ""
    grant_id: OptionalId = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class MoveCalendarEvent:
    event_id: Id
    starts_at: Instant
    ends_at: Instant
    all_day: bool = False
    place: Place | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class CancelCalendarEvent:
    event_id: Id
    reason: Text
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetCalendarEvent:
    event_id: Id


@dataclass(frozen=True, slots=True)
class ListCalendarEvents:
    region: OptionalRegion = CITY
    kind: EventKind | None = None
    organiser_id: OptionalId = ""
    topic: OptionalLine = ""
    ends_after: Instant | None = None
    starts_before: Instant | None = None
    drafts: bool = False
    page_size: PageSize = 0
    page_token: PageToken = ""


class CalendarEventUseCases:
    def __init__(self, events: CalendarEvents, actors: KnownActors) -> None:
        self._events, self._actors = events, actors

    async def draft_calendar_event(self, tx: Transaction, command: DraftCalendarEvent, caller: Caller) -> CalendarEvent:
        require_planner(caller, command.region, command.organiser_id)
        organiser = await self._actors.find(command.organiser_id, tx)
        given = {name: getattr(command, name) for name in command.__slots__ if name != "tentative"}
        id = new_id()
        draft = CalendarEvent(
            id=id,
            uid=new_uid(id),
            **given,
            organiser_name=organiser.name if organiser else "",
            status=_status(command.tentative),
            created_at=tx.at,
            updated_at=tx.at,
            updated_by=caller.sub,
        )
        return await self._events.add(tx, draft.checked())

    async def publish_calendar_event(
        self, tx: Transaction, command: PublishCalendarEvent, caller: Caller
    ) -> CalendarEvent:
        draft = await self._own(tx, command.event_id, command.etag, caller)
        published = draft.publish(tx.at, caller.sub)
        tx.set_timer(published.id, COMPLETION, published.ends_at)
        return await self._events.save(tx, published, EventPublished(published))

    async def update_calendar_event(
        self, tx: Transaction, command: UpdateCalendarEvent, caller: Caller
    ) -> CalendarEvent:
        before = await self._own(tx, command.event_id, command.etag, caller)
        skip = ("event_id", "etag", "tentative")
        changes = {name: getattr(command, name) for name in command.__slots__ if name not in skip}
        after = before.update(changes | {"status": _status(command.tentative)}, tx.at, caller.sub)
        return await self._events.save(tx, after, *change(before, after))

    async def move_calendar_event(self, tx: Transaction, command: MoveCalendarEvent, caller: Caller) -> CalendarEvent:
        before = await self._own(tx, command.event_id, command.etag, caller)
        after = before.move(command.starts_at, command.ends_at, command.all_day, command.place, tx.at, caller.sub)
        if after.is_published:
            tx.set_timer(after.id, COMPLETION, after.ends_at)
        return await self._events.save(tx, after, *change(before, after))

    async def cancel_calendar_event(
        self, tx: Transaction, command: CancelCalendarEvent, caller: Caller
    ) -> CalendarEvent:
        before = await self._own(tx, command.event_id, command.etag, caller)
        after = before.cancel(command.reason, tx.at, caller.sub)
        tx.cancel_timer(after.id, COMPLETION)
        tx.set_timer(after.id, REGISTRATIONS_END, tx.at)
        return await self._events.save(tx, after, *change(before, after))

    async def complete(self, tx: Transaction, event_id: str) -> None:
        """By the clock: it has ended."""
        event = await self._events.get(event_id, tx)
        if event.is_cancelled or event.completed_at is not None or tx.at < event.ends_at:
            return
        completed = event.complete(tx.at)
        await self._events.save(tx, completed, EventCompleted(completed))

    async def get_calendar_event(self, query: GetCalendarEvent, caller: Caller) -> CalendarEvent:
        event = await self._events.get(query.event_id)
        require_visible(event, caller)
        return for_reader(event, caller)

    async def list_calendar_events(self, query: ListCalendarEvents, caller: Caller) -> Page[CalendarEvent]:
        if query.drafts:
            require_planner(caller, query.region, query.organiser_id)
        wanted = CalendarFilter(
            region=query.region,
            visibilities=visibilities(caller, query.region, query.organiser_id),
            drafts=query.drafts,
            kind=query.kind,
            organiser_id=query.organiser_id,
            topic=query.topic,
            ends_after=query.ends_after,
            starts_before=query.starts_before,
        )
        request = PageRequest(query.page_size, query.page_token, scope=caller.sub)
        page = await self._events.matching(wanted, request)
        return Page(tuple(for_reader(event, caller) for event in page.items), page.next_page_token)

    async def _own(self, tx: Transaction, event_id: str, etag: str, caller: Caller) -> CalendarEvent:
        event = await self._events.get(event_id, tx, etag=etag)
        require_planner(caller, event.region, event.organiser_id)
        return event


def _status(tentative: bool) -> EventStatus:
    return EventStatus.TENTATIVE if tentative else EventStatus.CONFIRMED
