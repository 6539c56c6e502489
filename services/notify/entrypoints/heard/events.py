"""What is heard from events: residents learn what is new, moved or off in the calendar, registered people of their seats."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from chassis.inbox import Ear
from services.notify.domain.notification import Source
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.entrypoints.heard import About, Told, tell_followers, tell_persons
from services.notify.messages.consumed import events as heard
from services.notify.usecases import UseCases

E = TypeVar("E", bound=heard.AboutEvent)
R = TypeVar("R", bound=heard.AboutRegistration)


def ears(do: UseCases) -> tuple[Ear, ...]:
    return (
        _to_residents(do, heard.EventPublished, Template.EVENT_PUBLISHED),
        _to_residents(do, heard.EventMoved, Template.EVENT_MOVED, _before),
        _to_residents(do, heard.EventCancelled, Template.EVENT_CANCELLED, _reason),
        _to_registered(do, heard.RegistrationConfirmed, Template.REGISTRATION_CONFIRMED, _calendar),
        _to_registered(do, heard.RegistrationWaitlisted, Template.REGISTRATION_WAITLISTED),
        _to_registered(do, heard.RegistrationRepeated, Template.REGISTRATION_REPEATED),
        _to_registered(do, heard.RegistrationOffered, Template.REGISTRATION_OFFERED, _offer),
        _to_registered(do, heard.RegistrationCancelled, Template.REGISTRATION_CANCELLED, _because),
    )


def _to_residents(
    do: UseCases, model: type[E], template: Template, beside: Callable[[E], Mapping[str, Told]] = lambda _: {}
) -> Ear:
    about = About(model, template, lambda m: {**_event(m.state), **beside(m)}, until=lambda m: m.state.starts_at)
    return tell_followers(do, about, NewsKind.CALENDAR, when=lambda m: _is_news(m.state))


def _to_registered(
    do: UseCases, model: type[R], template: Template, beside: Callable[[R], Mapping[str, Told]] = lambda _: {}
) -> Ear:
    about = About(model, template, lambda m: {**_seat(m), **beside(m)}, until=lambda m: m.calendar_event.ends_at)
    return tell_persons(do, about, Source.EVENTS, lambda m: (m.state.person_ref,))


def _is_news(event: heard.CalendarEvent) -> bool:
    """Jury sessions and deadlines come into the calendar by themselves; who follows rounds hears of them already."""
    return event.visibility == "public" and event.kind not in {"jury_session", "deadline"}


def _event(event: heard.CalendarEvent) -> Mapping[str, Told]:
    return {
        "title": event.title,
        "description": event.description,
        "starts_at": event.starts_at,
        "place_name": _place(event.place),
        "organiser_name": event.organiser_name,
        "url": event.url,
    }


def _before(message: heard.EventMoved) -> Mapping[str, Told]:
    return {"previous_starts_at": message.previous_starts_at}


def _reason(message: heard.EventCancelled) -> Mapping[str, Told]:
    return {"cancel_reason": message.reason}


def _seat(message: heard.AboutRegistration) -> Mapping[str, Told]:
    event = message.calendar_event
    return {
        "registration_id": message.state.id,
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "place_name": _place(event.place),
        "seats": message.state.seats,
        "url": event.url,
    }


def _calendar(message: heard.RegistrationConfirmed) -> Mapping[str, Told]:
    return {"calendar_uid": message.calendar_event.uid, "calendar_sequence": message.calendar_event.sequence}


def _offer(message: heard.RegistrationOffered) -> Mapping[str, Told]:
    return {"offer_expires_at": message.state.offer_expires_at}


def _because(message: heard.RegistrationCancelled) -> Mapping[str, Told]:
    return {"event_cancelled": "cancelled" if message.state.because == "event_cancelled" else ""}


def _place(place: heard.Place | None) -> str:
    """One line as a person writes it: name, street, town."""
    return "" if place is None else place.address
