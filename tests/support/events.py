"""Builders for the calendar: calendar events, registrations, and requests that an organiser sends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.ports import Role, new_id
from services.events.domain.calendar_event import CalendarEvent, new_uid
from services.events.domain.place import Place
from services.events.domain.registration import Registration, RegistrationStatus
from services.events.domain.terms import EventKind, RegistrationMode
from tests.support.city import Started

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
START = datetime(2027, 3, 20, 13, 0, tzinfo=UTC)
HOUSE = Place("Nachbarschaftshaus im Ostseeviertel", "Ribnitzer Straße 1b", "13051")
COORDINATOR = Role("coordinator", regions=("11",))
EVERYWHERE = Role("coordinator")


def a_draft(**fields: Any) -> CalendarEvent:
    id = new_id()
    draft = CalendarEvent(
        id=id,
        uid=new_uid(id),
        region="114009",
        kind=EventKind.FESTIVAL,
        title="Frühlingsfest",
        starts_at=START,
        ends_at=START + timedelta(hours=4),
        created_at=NOW,
        updated_at=NOW,
        organiser_id=new_id(),
        place=HOUSE,
    )
    return replace(draft, **fields)


def a_calendar_event(**fields: Any) -> CalendarEvent:
    """A published one."""
    return replace(a_draft().publish(NOW, "organiser"), **fields)


def with_seats(capacity: int, **fields: Any) -> CalendarEvent:
    return a_calendar_event(registration=RegistrationMode.PER_DATE, capacity=capacity, **fields)


def an_asked(event: CalendarEvent, seats: int = 1) -> Registration:
    """A registration before it is decided whether it is seated."""
    return Registration(
        id=new_id(),
        region=event.region,
        event_id=event.id,
        person_ref=new_id(),
        seats=seats,
        registered_at=NOW,
        status=RegistrationStatus.WAITLISTED,
    )


def a_draft_request(starts_at: datetime, **fields: Any) -> dict[str, Any]:
    """What a coordinator of Lichtenberg sends to draft a festival; four hours from `starts_at`."""
    return {
        "region": "114009",
        "organiser_id": new_id(),
        "kind": "EVENT_KIND_FESTIVAL",
        "title": "Frühlingsfest",
        "starts_at": stamp(starts_at),
        "ends_at": stamp(starts_at + timedelta(hours=4)),
        "place": {"name": HOUSE.name, "street": HOUSE.street, "postal_code": HOUSE.postal_code},
    } | fields


def stamp(instant: datetime) -> str:
    """A Timestamp in proto JSON."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


async def publish_event(events: Started, starts_at: datetime, **fields: Any) -> Any:
    """Draft and publish over gRPC; answers the calendar event."""
    drafted = await events.call(
        "CalendarEventService/DraftCalendarEvent", a_draft_request(starts_at, **fields), EVERYWHERE
    )
    published = await events.call(
        "CalendarEventService/PublishCalendarEvent", {"event_id": drafted.calendar_event.id}, EVERYWHERE
    )
    return published.calendar_event


async def register(events: Started, event_id: str, seats: int = 1, sub: str | None = None, **fields: Any) -> Any:
    """Register somebody new, with a token of their own (`sub` "": with none); answers the response, with its secret links."""
    request = {"event_id": event_id, "name": "Kim Beispiel", "email": f"{new_id()}@example.org", "seats": seats}
    return await events.call("RegistrationService/Register", request | fields, sub=new_id() if sub is None else sub)


async def register_openly(events: Started, event_id: str, seats: int = 1, **fields: Any) -> str:
    """The same without a token; answers the id, which the caller itself is not told."""
    before = {one.registration.id for one in await _registrants(events, event_id)}
    await register(events, event_id, seats, sub="", **fields)
    (id,) = {one.registration.id for one in await _registrants(events, event_id)} - before
    return str(id)


async def _registrants(events: Started, event_id: str) -> Any:
    listed = await events.call("RegistrationService/ListRegistrations", {"event_id": event_id}, COORDINATOR)
    return listed.registrants


async def event_with_seats(events: Started, capacity: int, days: int = 30, **fields: Any) -> Any:
    """A published one that takes so many registrations."""
    start = (await events.now()).replace(microsecond=0) + timedelta(days=days)
    seats = {"registration": "REGISTRATION_MODE_PER_DATE", "capacity": capacity}
    return await publish_event(events, start, **seats, **fields)


async def registration_now(events: Started, registration_id: str) -> Any:
    answer = await events.call("RegistrationService/GetRegistration", {"registration_id": registration_id}, COORDINATOR)
    return answer.registration


async def event_now(events: Started, event_id: str) -> Any:
    return (await events.call("CalendarEventService/GetCalendarEvent", {"event_id": event_id})).calendar_event
