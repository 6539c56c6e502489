"""The pages that a registered person sees behind a secret link, in their language."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.refusals import Refusal
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.person import Language
from services.events.domain.registration import RegistrationStatus
from services.events.domain.secret_link import LinkPurpose
from services.events.usecases.secret_link import OwnRegistration

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
WEEKDAYS = {
    Language.DE: ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
FAILURES = {
    "LINK_UNKNOWN": (
        "Dieser Link gilt nicht oder nicht mehr: Links zu einer Anmeldung gelten bis zum Beginn der Veranstaltung.",
        "This link is not valid, or no longer: links to a registration are valid until the event begins.",
    ),
    "NO_OFFER": (
        "Zurzeit ist für diese Anmeldung kein Platz angeboten. Sobald einer frei wird, hören Sie von uns.",
        "No seat is offered to this registration at present. You will hear from us as soon as one is free.",
    ),
    "OFFER_EXPIRED": (
        "Das Angebot galt bis zu einem Zeitpunkt, der vorbei ist. Sie können sich gern erneut anmelden.",
        "The offer was open until a time that has passed. You are welcome to register again.",
    ),
}
UNAVAILABLE = (
    "Das hat gerade nicht geklappt. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    "That did not work just now. Please try again in a few minutes.",
)


def registration_page(purpose: LinkPurpose, own: OwnRegistration, *, done: bool) -> str:
    """The registration, and the button for what the link is for while that can be done; `done` when it just was."""
    event, status = own.calendar_event, own.registration.status
    can_use = own.registration.is_active if purpose is LinkPurpose.CANCEL else status is RegistrationStatus.OFFERED
    return TEMPLATES.get_template("registration.html").render(
        language=own.language,
        purpose=purpose,
        event=event,
        registration=own.registration,
        when=when(event, own.language),
        offer_until=_moment(own.registration.offer_expires_at, event.time_zone, own.language),
        access=own.access,
        can_use=can_use and not done,
        done=done,
    )


def failure_page(refusal: Refusal) -> str:
    """Why a link did nothing, in both languages, for nobody is known yet whose language could be used."""
    german, english = FAILURES.get(refusal.reason, UNAVAILABLE)
    return TEMPLATES.get_template("failure.html").render(german=german, english=english)


def when(event: CalendarEvent, language: Language) -> str:
    """The time as a person says it: "Samstag, 14.03.2026, 14:00–18:00 Uhr"."""
    zone = ZoneInfo(event.time_zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if event.all_day:
        first, last = _day(starts, language), _day(ends - timedelta(days=1), language)
        return first if first == last else f"{first} – {last}"
    if starts.date() == ends.date():
        suffix = " Uhr" if language is Language.DE else ""
        return f"{_day(starts, language)}, {starts:%H:%M}–{ends:%H:%M}{suffix}"
    return f"{_moment(starts, event.time_zone, language)} – {_moment(ends, event.time_zone, language)}"


def _moment(instant: datetime | None, time_zone: str, language: Language) -> str:
    if instant is None:
        return ""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{_day(local, language)}, {local:%H:%M}" + (" Uhr" if language is Language.DE else "")


def _day(local: datetime, language: Language) -> str:
    weekday = WEEKDAYS[language][local.weekday()]
    return f"{weekday}, {local:%d.%m.%Y}" if language is Language.DE else f"{weekday}, {local.day} {local:%B %Y}"
