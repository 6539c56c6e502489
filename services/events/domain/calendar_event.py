"""A calendar event (Veranstaltung, Termin): what happens when and where, who invites, and how many seats it has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.fields import Line, OptionalText
from services.events.domain.place import Online, Place
from services.events.domain.refusals import (
    AlreadyCancelled,
    AlreadyPublished,
    CapacityBelowPromised,
    FollowsSource,
    GroupTooLarge,
    NotPublished,
    NowhereToGo,
    RegistrationNotOffered,
    RegistrationOver,
    TimesUnusable,
)
from services.events.domain.terms import EventKind, EventStatus, EventVisibility, RegistrationMode

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    title: Line
    text: OptionalText = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry was made from by itself; `kind` is "funding_round" or "jury_session"."""

    service: str
    kind: str
    id: str

    @property
    def key(self) -> str:
        return f"{self.service}/{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    id: str
    region: str
    uid: str  # iCalendar's UID; never changes
    kind: EventKind
    title: str
    starts_at: datetime
    ends_at: datetime  # when all_day: the midnight after the last day
    created_at: datetime
    updated_at: datetime
    organiser_id: str = ""  # an actor's; empty where a source names none
    organiser_name: str = ""
    co_organiser_ids: tuple[str, ...] = ()
    description: str = ""
    place: Place | None = None
    online: Online | None = None
    time_zone: str = "Europe/Berlin"
    all_day: bool = False
    status: EventStatus = EventStatus.CONFIRMED
    visibility: EventVisibility = EventVisibility.PUBLIC
    agenda: tuple[AgendaItem, ...] = ()
    registration: RegistrationMode = RegistrationMode.NONE
    capacity: int = 0  # seats; 0: as many as come
    offer_hours: int = 48  # how long a seat that became free is kept for the next in line
    cost: str = ""
    target_groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    url: str = ""
    grant_id: str = ""
    source: Source | None = None
    sequence: int = 0  # iCalendar's SEQUENCE: one up with each published change, never with a registration
    published_at: datetime | None = None
    completed_at: datetime | None = None
    cancel_reason: str = ""
    updated_by: str = ""
    seats_confirmed: int = 0
    seats_offered: int = 0
    waiting: int = 0  # registrations on the waiting list
    version: int = 0

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.status is EventStatus.CANCELLED

    @property
    def seats_free(self) -> int | None:
        """Seats that nobody was promised; None where they are not counted."""
        return self.capacity - self.seats_confirmed - self.seats_offered if self.capacity else None

    def fits(self, seats: int) -> bool:
        return self.seats_free is None or seats <= self.seats_free

    def checked(self) -> "CalendarEvent":
        """Itself, when its times and its place can be used."""
        _check_times(self.starts_at, self.ends_at, self.all_day, self.time_zone)
        somewhere = self.place or (self.online and self.online != Online())
        if not somewhere and self.source is None:
            raise NowhereToGo
        return self

    def without_access(self) -> "CalendarEvent":
        return replace(self, online=self.online.without_access()) if self.online else self

    def publish(self, at: datetime, by: str) -> "CalendarEvent":
        if self.is_published:
            raise AlreadyPublished
        return replace(self, published_at=at, updated_at=at, updated_by=by)

    def update(self, changes: Mapping[str, Any], at: datetime, by: str) -> "CalendarEvent":
        """Replace fields that say what it is; when and where it is change by `move`."""
        self.require_own()
        return self._changed(at, by, **changes).checked()

    def move(
        self, starts_at: datetime, ends_at: datetime, all_day: bool, place: Place | None, at: datetime, by: str
    ) -> "CalendarEvent":
        """Another time, and another place when one is given; registrations stay."""
        self.require_own()
        times = {"starts_at": starts_at, "ends_at": ends_at, "all_day": all_day}
        return self._changed(at, by, **times, place=place or self.place, completed_at=None).checked()

    def cancel(self, reason: str, at: datetime, by: str) -> "CalendarEvent":
        """Called off. It stays readable and in the feeds: a calendar that copied it must learn of it."""
        self.require_own()
        if not self.is_published:
            raise NotPublished
        return self._changed(at, by, status=EventStatus.CANCELLED, cancel_reason=reason)

    def follow(self, wanted: "CalendarEvent", at: datetime) -> "CalendarEvent":
        """In step with its source again; the very same object when nothing is different."""
        names = ("kind", "title", "description", "starts_at", "ends_at", "all_day", "place", "status", "cancel_reason")
        differing = {
            n: getattr(wanted, n)
            for n in (*names, "organiser_id", "organiser_name")
            if getattr(wanted, n) != getattr(self, n)
        }
        if not differing:
            return self
        if {"starts_at", "ends_at"} & differing.keys():
            differing["completed_at"] = None
        return replace(self, **differing, updated_at=at, sequence=self.sequence + 1).checked()

    def name_organiser(self, name: str, at: datetime) -> "CalendarEvent":
        return self._changed(at, self.updated_by, organiser_name=name)

    def complete(self, at: datetime) -> "CalendarEvent":
        return replace(self, completed_at=at)

    def change_capacity(self, capacity: int, at: datetime, by: str) -> "CalendarEvent":
        """More seats, fewer, or (0) no longer counted; never fewer than were promised."""
        self.require_own()
        promised = self.seats_confirmed + self.seats_offered
        if 0 < capacity < promised:
            raise CapacityBelowPromised(promised)
        return self._changed(at, by, capacity=capacity)

    def count(self, *, confirmed: int = 0, offered: int = 0, waiting: int = 0) -> "CalendarEvent":
        """The counts of seats after a registration changed; no fact, and no new sequence."""
        return replace(
            self,
            seats_confirmed=self.seats_confirmed + confirmed,
            seats_offered=self.seats_offered + offered,
            waiting=self.waiting + waiting,
        )

    def require_registration(self, seats: int, at: datetime) -> None:
        """Refuse where nobody can register, or a group of this size never could."""
        if not self.is_published:
            raise NotPublished
        if self.is_cancelled:
            raise AlreadyCancelled
        if self.registration is RegistrationMode.NONE:
            raise RegistrationNotOffered
        self.require_before_start(at)
        if self.capacity and seats > self.capacity:
            raise GroupTooLarge(seats, self.capacity)

    def require_before_start(self, at: datetime) -> None:
        if at >= self.starts_at:
            raise RegistrationOver

    def offer_until(self, at: datetime) -> datetime:
        """When an offer that is made now ends: never after the beginning."""
        return min(at + timedelta(hours=self.offer_hours), self.starts_at)

    def require_own(self) -> None:
        """Refuse to change by hand what is cancelled or follows a source."""
        if self.source is not None:
            raise FollowsSource(self.source.kind.replace("_", " "))
        if self.is_cancelled:
            raise AlreadyCancelled

    def _changed(self, at: datetime, by: str, **changes: Any) -> "CalendarEvent":
        sequence = self.sequence + 1 if self.is_published else self.sequence
        return replace(self, **changes, updated_at=at, updated_by=by, sequence=sequence)


def new_uid(id: str) -> str:
    return f"{id}@kiezwerk"


def _check_times(starts_at: datetime, ends_at: datetime, all_day: bool, time_zone: str) -> None:
    if ends_at < starts_at:
        raise TimesUnusable("ends_at", "must not be before starts_at")
    if ends_at - starts_at > LONGEST:
        raise TimesUnusable("ends_at", "must be within a year of starts_at")
    if not all_day:
        return
    if ends_at == starts_at:
        raise TimesUnusable("ends_at", "must be the midnight after the last day when all_day is set")
    for field, instant in (("starts_at", starts_at), ("ends_at", ends_at)):
        if instant.astimezone(ZoneInfo(time_zone)).time() != time():
            raise TimesUnusable(field, f"must be midnight in {time_zone} when all_day is set")
