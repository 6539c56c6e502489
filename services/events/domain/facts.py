"""What happened in the calendar, each with its aggregate after the change."""

from dataclasses import dataclass, fields
from datetime import datetime

from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.registration import Registration

_BOOKKEEPING = {"updated_at", "updated_by", "sequence", "version", "completed_at"}


@dataclass(frozen=True, slots=True)
class EventPublished:
    state: CalendarEvent


@dataclass(frozen=True, slots=True)
class EventUpdated:
    state: CalendarEvent
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventMoved:
    state: CalendarEvent
    previous_starts_at: datetime
    previous_ends_at: datetime
    place_changed: bool


@dataclass(frozen=True, slots=True)
class EventCancelled:
    state: CalendarEvent
    reason: str


@dataclass(frozen=True, slots=True)
class EventCompleted:
    state: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationConfirmed:
    state: Registration
    calendar_event: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationWaitlisted:
    state: Registration
    calendar_event: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationRepeated:
    state: Registration
    calendar_event: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationOffered:
    state: Registration
    calendar_event: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationExpired:
    state: Registration
    calendar_event: CalendarEvent


@dataclass(frozen=True, slots=True)
class RegistrationCancelled:
    state: Registration
    calendar_event: CalendarEvent


EventChange = EventUpdated | EventMoved | EventCancelled


def change(before: CalendarEvent, after: CalendarEvent) -> tuple[EventChange, ...]:
    """What to say of a published calendar event that changed; of a draft, and of no change, nothing."""
    changed = tuple(
        f.name
        for f in fields(after)
        if f.name not in _BOOKKEEPING and getattr(before, f.name) != getattr(after, f.name)
    )
    if not before.is_published or not changed:
        return ()
    if after.is_cancelled and not before.is_cancelled:
        return (EventCancelled(after, after.cancel_reason),)
    if {"starts_at", "ends_at", "all_day", "place"} & set(changed):
        return (EventMoved(after, before.starts_at, before.ends_at, before.place != after.place),)
    return (EventUpdated(after, changed),)
