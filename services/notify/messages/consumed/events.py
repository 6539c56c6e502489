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


class AboutEvent(Heard):
    """What all messages about a calendar event have."""

    state: CalendarEvent


class EventPublished(AboutEvent, type="kiezwerk.events.v1.event_published"):
    state: CalendarEvent


class EventMoved(AboutEvent, type="kiezwerk.events.v1.event_moved"):
    state: CalendarEvent
    previous_starts_at: datetime


class EventCancelled(AboutEvent, type="kiezwerk.events.v1.event_cancelled"):
    state: CalendarEvent
    reason: str


class Registration(Part):
    id: str = ""
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


class AboutRegistration(Heard):
    """What all messages about a registration have."""

    state: Registration
    calendar_event: EventBrief


class RegistrationConfirmed(AboutRegistration, type="kiezwerk.events.v1.registration_confirmed"):
    state: Registration
    calendar_event: EventBrief


class RegistrationWaitlisted(AboutRegistration, type="kiezwerk.events.v1.registration_waitlisted"):
    state: Registration
    calendar_event: EventBrief


class RegistrationRepeated(AboutRegistration, type="kiezwerk.events.v1.registration_repeated"):
    state: Registration
    calendar_event: EventBrief


class RegistrationOffered(AboutRegistration, type="kiezwerk.events.v1.registration_offered"):
    state: Registration
    calendar_event: EventBrief


class RegistrationCancelled(AboutRegistration, type="kiezwerk.events.v1.registration_cancelled"):
    state: Registration
    calendar_event: EventBrief
