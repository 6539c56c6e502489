"""What is heard from events: residents learn what is new, moved or off in the calendar, registered people of their seats."""

from datetime import datetime

from chassis.envelope import Meta
from chassis.inbox import Ear, react
from chassis.ports import Transaction
from services.notify.domain.notification import News, Recipient, Source
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.entrypoints.heard import Told, data
from services.notify.messages.consumed import events as heard
from services.notify.usecases import UseCases


def ears(do: UseCases) -> tuple[Ear, ...]:
    return (*_for_residents(do), *_for_registered(do))


def _for_residents(do: UseCases) -> tuple[Ear, ...]:
    async def tell(
        tx: Transaction, event: heard.CalendarEvent, meta: Meta, template: Template, until: datetime, **told: Told
    ) -> None:
        # Jury sessions and deadlines come into the calendar by themselves; who follows rounds hears of them already.
        if event.visibility != "public" or event.kind in ("jury_session", "deadline"):
            return
        about: dict[str, Told] = {
            "title": event.title,
            "description": event.description,
            "starts_at": event.starts_at,
            "place_name": _place(event.place),
            "organiser_name": event.organiser_name,
            "url": event.url,
        }
        news = News(meta.id, event.region, template, meta.time, data(about | told), valid_until=until)
        await do.letters.write_to_followers(tx, NewsKind.CALENDAR, (event.region,), news)

    async def on_published(tx: Transaction, message: heard.EventPublished, meta: Meta) -> None:
        await tell(tx, message.state, meta, Template.EVENT_PUBLISHED, message.state.starts_at)

    async def on_moved(tx: Transaction, message: heard.EventMoved, meta: Meta) -> None:
        until = max(message.state.starts_at, message.previous_starts_at)
        before: dict[str, Told] = {"previous_starts_at": message.previous_starts_at}
        await tell(tx, message.state, meta, Template.EVENT_MOVED, until, **before)

    async def on_cancelled(tx: Transaction, message: heard.EventCancelled, meta: Meta) -> None:
        reason: dict[str, Told] = {"cancel_reason": message.reason}
        await tell(tx, message.state, meta, Template.EVENT_CANCELLED, message.state.starts_at, **reason)

    return (
        react(heard.EventPublished, on_published),
        react(heard.EventMoved, on_moved),
        react(heard.EventCancelled, on_cancelled),
    )


def _for_registered(do: UseCases) -> tuple[Ear, ...]:
    async def write(
        tx: Transaction,
        person: heard.Registration,
        event: heard.EventBrief,
        meta: Meta,
        template: Template,
        **told: Told,
    ) -> None:
        about: dict[str, Told] = {
            "title": event.title,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "place_name": _place(event.place),
            "seats": person.seats,
            "url": event.url,
        }
        news = News(meta.id, person.region, template, meta.time, data(about | told), valid_until=event.ends_at)
        await do.letters.write_to(tx, Recipient(Source.EVENTS, person.person_ref), news)

    async def on_confirmed(tx: Transaction, message: heard.RegistrationConfirmed, meta: Meta) -> None:
        event = message.calendar_event
        calendar: dict[str, Told] = {"calendar_uid": event.uid, "calendar_sequence": event.sequence}
        await write(tx, message.state, event, meta, Template.REGISTRATION_CONFIRMED, **calendar)

    async def on_waitlisted(tx: Transaction, message: heard.RegistrationWaitlisted, meta: Meta) -> None:
        await write(tx, message.state, message.calendar_event, meta, Template.REGISTRATION_WAITLISTED)

    async def on_offered(tx: Transaction, message: heard.RegistrationOffered, meta: Meta) -> None:
        offer: dict[str, Told] = {"offer_expires_at": message.state.offer_expires_at}
        await write(tx, message.state, message.calendar_event, meta, Template.REGISTRATION_OFFERED, **offer)

    async def on_cancelled(tx: Transaction, message: heard.RegistrationCancelled, meta: Meta) -> None:
        because: dict[str, Told] = {"event_cancelled": "1" if message.state.because == "event_cancelled" else ""}
        await write(tx, message.state, message.calendar_event, meta, Template.REGISTRATION_CANCELLED, **because)

    return (
        react(heard.RegistrationConfirmed, on_confirmed),
        react(heard.RegistrationWaitlisted, on_waitlisted),
        react(heard.RegistrationOffered, on_offered),
        react(heard.RegistrationCancelled, on_cancelled),
    )


def _place(place: heard.Place | None) -> str:
    """One line as a person writes it: name, street, town."""
    return "" if place is None else place.address
