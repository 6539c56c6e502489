"""What notify hears from events."""

from datetime import datetime

from chassis.envelope import Heard, Part


class Place(Part):
    address: str = ""


class CalendarEvent(Part):
    """`visibility` says who may know of it: news are made of public calendar events alone."""

    id: str
    region: str
    title: str
    kind: str
    starts_at: datetime
    visibility: str
    description: str = ""
    organiser_name: str = ""
    place: Place | None = None
    url: str = ""


class EventPublished(Heard, type="kiezwerk.events.v1.event_published"):
    state: CalendarEvent


class EventMoved(Heard, type="kiezwerk.events.v1.event_moved"):
    state: CalendarEvent
    previous_starts_at: datetime


class EventCancelled(Heard, type="kiezwerk.events.v1.event_cancelled"):
    state: CalendarEvent
    reason: str


class Registration(Part):
    region: str
    person_ref: str
    seats: int
    because: str = ""
    offer_expires_at: datetime | None = None


class EventBrief(Part):
    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    place: Place | None = None
    url: str = ""


class RegistrationConfirmed(Heard, type="kiezwerk.events.v1.registration_confirmed"):
    state: Registration
    calendar_event: EventBrief


class RegistrationWaitlisted(Heard, type="kiezwerk.events.v1.registration_waitlisted"):
    state: Registration
    calendar_event: EventBrief


class RegistrationOffered(Heard, type="kiezwerk.events.v1.registration_offered"):
    state: Registration
    calendar_event: EventBrief


class RegistrationCancelled(Heard, type="kiezwerk.events.v1.registration_cancelled"):
    state: Registration
    calendar_event: EventBrief
