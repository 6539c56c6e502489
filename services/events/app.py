"""Puts events together; the only module that knows all of it."""

from chassis.persons import person_ref
from chassis.runtime import Service
from chassis.store import Store
from services.events.adapters.mongo.calendar_events import MongoCalendarEvents
from services.events.adapters.mongo.known_actors import MongoKnownActors
from services.events.adapters.mongo.persons import MongoPersons
from services.events.adapters.mongo.registrations import MongoRegistrations
from services.events.adapters.mongo.secret_links import MongoSecretLinks
from services.events.adapters.secrets import DerivedSecrets
from services.events.entrypoints.access import ACCESS
from services.events.entrypoints.grpc.calendar_event import calendar_event_api
from services.events.entrypoints.grpc.contact import contact_api
from services.events.entrypoints.grpc.registration import registration_api
from services.events.entrypoints.http import routes
from services.events.entrypoints.subscribers import subscribers
from services.events.entrypoints.timers import timers
from services.events.messages.published import PUBLISHED
from services.events.settings import EventsSettings
from services.events.usecases import UseCases
from services.events.usecases.calendar_event import CalendarEventUseCases
from services.events.usecases.contact import ContactUseCases
from services.events.usecases.feed import FeedUseCases
from services.events.usecases.organiser import OrganiserUseCases
from services.events.usecases.registration import RegistrationUseCases
from services.events.usecases.registration_links import RegistrationLinks
from services.events.usecases.secret_link import SecretLinkUseCases
from services.events.usecases.source_entry import SourceEntryUseCases


def build(settings: EventsSettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    do = _use_cases(settings, store)
    return Service(
        name="events",
        settings=settings,
        store=store,
        published=PUBLISHED,
        apis=(calendar_event_api(do), registration_api(do), contact_api(do)),
        access=ACCESS,
        heard=subscribers(do),
        timers=timers(do),
        routes=routes(do, store, settings.public_url),
    )


def _use_cases(settings: EventsSettings, store: Store) -> UseCases:
    key = settings.person_key()
    events, actors = MongoCalendarEvents(store), MongoKnownActors(store)
    registrations, persons, links = MongoRegistrations(store), MongoPersons(store), MongoSecretLinks(store)
    told = RegistrationLinks(links, DerivedSecrets(key).secret_of, settings.public_url)
    registering = RegistrationUseCases(
        events, registrations, persons, told, person_ref=lambda email: person_ref(key, email)
    )
    return UseCases(
        calendar_events=CalendarEventUseCases(events, actors),
        registrations=registering,
        secret_links=SecretLinkUseCases(links, events, registrations, persons, registering, store.clock),
        source_entries=SourceEntryUseCases(events, actors),
        organisers=OrganiserUseCases(events, actors),
        feeds=FeedUseCases(events, store.clock),
        contacts=ContactUseCases(persons, registrations, told),
    )
