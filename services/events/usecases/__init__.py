"""All that events can do, on one page."""

from dataclasses import dataclass

from services.events.usecases.calendar_event import CalendarEventUseCases
from services.events.usecases.contact import ContactUseCases
from services.events.usecases.feed import FeedUseCases
from services.events.usecases.organiser import OrganiserUseCases
from services.events.usecases.registration import RegistrationUseCases
from services.events.usecases.secret_link import SecretLinkUseCases
from services.events.usecases.source_entry import SourceEntryUseCases


@dataclass(frozen=True, slots=True)
class UseCases:
    """calendar_events: draft, publish, update, move, cancel, complete, get, list. registrations: register, accept an
    offer, cancel, expire, end with the event, change the capacity, get, list. secret_links: look, use.
    source_entries: follow a source. organisers: know an actor. feeds: read. contacts: resolve.
    """

    calendar_events: CalendarEventUseCases
    registrations: RegistrationUseCases
    secret_links: SecretLinkUseCases
    source_entries: SourceEntryUseCases
    organisers: OrganiserUseCases
    feeds: FeedUseCases
    contacts: ContactUseCases
