"""What the use cases need from outside, as protocols."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.known_actor import KnownActor
from services.events.domain.person import Person
from services.events.domain.registration import Registration
from services.events.domain.secret_link import SecretLink
from services.events.domain.terms import EventKind, EventVisibility


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """Which calendar events: inside `region`, and all that is set beside it; touching the window from – until."""

    region: str
    visibilities: tuple[EventVisibility, ...]
    drafts: bool = False
    kind: EventKind | None = None
    organiser_id: str = ""
    topic: str = ""
    ends_after: datetime | None = None
    ends_until: datetime | None = None
    starts_before: datetime | None = None


class CalendarEvents(Aggregates[CalendarEvent], Protocol):
    async def matching(
        self, filter: CalendarFilter, request: PageRequest, *, latest_first: bool = False
    ) -> Page[CalendarEvent]:
        """By beginning, earliest first unless told."""
        ...

    async def of_source(self, key: str, tx: Transaction) -> CalendarEvent | None: ...

    async def misnaming(
        self, organiser_id: str, name: str, at: datetime, limit: int, tx: Transaction
    ) -> tuple[CalendarEvent, ...]:
        """Calendar events of this organiser that are not over `at` that instant and call it otherwise than `name`."""
        ...


class Registrations(Aggregates[Registration], Protocol):
    async def of_event(self, event_id: str, request: PageRequest) -> Page[Registration]:
        """In the order of registering."""
        ...

    async def holding(self, event_id: str, person_ref: str, tx: Transaction) -> Registration | None:
        """The one of this person that is not over."""
        ...

    async def latest_of(self, person_ref: str) -> Registration | None: ...

    async def waiting(self, event_id: str, tx: Transaction) -> tuple[Registration, ...]:
        """All on the waiting list, in the order of registering."""
        ...

    async def active(self, event_id: str, limit: int, tx: Transaction) -> tuple[Registration, ...]:
        """Some that are neither cancelled nor expired."""
        ...


SecretLinks = Records[SecretLink]
Persons = Records[Person]
KnownActors = Records[KnownActor]
