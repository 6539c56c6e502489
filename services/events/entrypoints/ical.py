"""Calendar events as iCalendar text (RFC 5545, RFC 7986); no attendee and no access data is ever in it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.terms import EventKind

REFRESH = timedelta(hours=1)
END = b"END:VCALENDAR\r\n"
GERMAN_KINDS = {
    EventKind.CONFERENCE: "Konferenz",
    EventKind.EXPERT_DAY: "Fachtag",
    EventKind.FESTIVAL: "Fest",
    EventKind.TALK: "Vortrag",
    EventKind.ROUND_TABLE: "Runder Tisch",
    EventKind.WALK: "Kiezspaziergang",
    EventKind.JURY_SESSION: "Jurysitzung",
    EventKind.COMMITTEE_MEETING: "Gremiensitzung",
    EventKind.OFFICE_HOURS: "Sprechstunde",
    EventKind.COURSE: "Kurs",
    EventKind.DEADLINE: "Frist",
    EventKind.OTHER: "Termin",
}


def calendar_text(name: str, address: str, events: Iterable[CalendarEvent]) -> bytes:
    """The feed `name` that is read at `address`. The same events give the same bytes, whenever it is asked for."""
    shown = tuple(events)
    head = _head(name, address).removesuffix(END)
    return b"".join((head, *_zone_texts(shown), *map(_entry_text, shown), END))


def _head(name: str, address: str) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kiezwerk//Kalender//DE")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    calendar.add("source", address, parameters={"VALUE": "URI"})
    return bytes(calendar.to_ical())


def _zone_texts(events: tuple[CalendarEvent, ...]) -> Iterator[bytes]:
    timed = [event for event in events if not event.all_day]
    for key in sorted({event.time_zone for event in timed}):
        years = [i.year for event in timed if event.time_zone == key for i in (event.starts_at, event.ends_at)]
        yield _zone_text(key, min(years) - 1, max(years) + 2)


@lru_cache(maxsize=64)
def _zone_text(key: str, first_year: int, last_year: int) -> bytes:
    zone = icalendar.Timezone.from_tzinfo(ZoneInfo(key), key, date(first_year, 1, 1), date(last_year, 1, 1))
    zone.pop("comment", None)
    return bytes(zone.to_ical())


# Writing an entry takes 1 ms and more, and a feed is asked for again and again: entries that did not change are kept.
@lru_cache(maxsize=8_192)
def _entry_text(event: CalendarEvent) -> bytes:
    return bytes(_entry(event).to_ical())


def _entry(event: CalendarEvent) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("created", event.created_at.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    entry.add("status", event.status.upper())
    # Many calendars show a cancelled entry as if it took place: what people read says so too.
    entry.add("summary", f"Abgesagt: {event.title}" if event.is_cancelled else event.title)
    entry.add("class", "PUBLIC")
    entry.add("categories", [GERMAN_KINDS[event.kind], *event.topics])
    _add_times(entry, event)
    _add_place(entry, event)
    if text := _description(event):
        entry.add("description", text)
    if url := event.url or (event.online.url if event.online else ""):
        entry.add("url", url)
    return entry


def _add_times(entry: icalendar.Event, event: CalendarEvent) -> None:
    zone = ZoneInfo(event.time_zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if event.all_day:
        entry.add("dtstart", starts.date())
        entry.add("dtend", ends.date())
        entry.add("transp", "TRANSPARENT")
        return
    entry.add("dtstart", starts)
    # DTEND must lie after DTSTART; without it the entry is an instant.
    if ends > starts:
        entry.add("dtend", ends)


def _add_place(entry: icalendar.Event, event: CalendarEvent) -> None:
    if event.place is None:
        return
    entry.add("location", event.place.address)
    if event.place.point is not None:
        entry.add("geo", (event.place.point.latitude, event.place.point.longitude))


def _description(event: CalendarEvent) -> str:
    parts = (
        event.cancel_reason if event.is_cancelled else "",
        event.description,
        f"Es lädt ein: {event.organiser_name}" if event.organiser_name else "",
        f"Kosten: {event.cost}" if event.cost else "",
        f"Zugang: {event.place.accessibility_note}" if event.place and event.place.accessibility_note else "",
    )
    return "\n\n".join(part for part in parts if part)
