"""The composition root of notify: the only module that knows everything."""

from datetime import timedelta
from functools import partial

from chassis.clock import machine_now
from chassis.metrics import Metrics
from chassis.persons import person_ref
from chassis.rpc import Neighbour
from chassis.runtime import Service
from chassis.store import Store
from services.notify.adapters.directory import GrpcDirectory
from services.notify.adapters.letters import TemplateLetters
from services.notify.adapters.mongo.announcement import MongoAnnouncements
from services.notify.adapters.mongo.broadcast import MongoBroadcasts
from services.notify.adapters.mongo.link import MongoLinks
from services.notify.adapters.mongo.notification import MongoNotifications
from services.notify.adapters.mongo.person import MongoPersons
from services.notify.adapters.mongo.subscriber import MongoSubscribers
from services.notify.adapters.smtp import SmtpPost
from services.notify.adapters.tokens import DerivedTokens
from services.notify.domain.notification import Source
from services.notify.entrypoints.access import ACCESS
from services.notify.entrypoints.grpc.announcement import announcement_api
from services.notify.entrypoints.grpc.notification import notification_api
from services.notify.entrypoints.grpc.subscriber import subscriber_api
from services.notify.entrypoints.http import routes
from services.notify.entrypoints.sender import Sender
from services.notify.entrypoints.subscribers import subscribers
from services.notify.entrypoints.tally import Tally
from services.notify.entrypoints.timers import timers
from services.notify.messages.published import PUBLISHED
from services.notify.settings import NotifySettings
from services.notify.usecases import UseCases
from services.notify.usecases.announcement import AnnouncementUseCases
from services.notify.usecases.broadcast import BroadcastUseCases
from services.notify.usecases.delivery import DeliveryUseCases
from services.notify.usecases.letter import LetterUseCases
from services.notify.usecases.notification import NotificationUseCases
from services.notify.usecases.subscriber import SubscriberUseCases


def _neighbours(settings: NotifySettings) -> dict[Source, Neighbour]:
    addresses = {Source.FUNDS: settings.funds_address, Source.EVENTS: settings.events_address}
    return {
        source: Neighbour(source, address, settings.token_file, settings.tls_ca)
        for source, address in addresses.items()
    }


def _use_cases(settings: NotifySettings, store: Store, neighbours: dict[Source, Neighbour]) -> UseCases:
    subscribers, persons, links = MongoSubscribers(store), MongoPersons(store), MongoLinks(store)
    notifications, broadcasts = MongoNotifications(store), MongoBroadcasts(store)
    key = settings.person_key()
    tokens = DerivedTokens(key)
    letters = LetterUseCases(notifications, broadcasts, machine_now, timedelta(days=settings.max_age_days))
    return UseCases(
        subscribers=SubscriberUseCases(
            subscribers, persons, links, tokens, letters, partial(person_ref, key), store.clock
        ),
        announcements=AnnouncementUseCases(MongoAnnouncements(store), letters, store.clock),
        letters=letters,
        broadcasts=BroadcastUseCases(broadcasts, subscribers, notifications, machine_now, settings.batch),
        deliveries=DeliveryUseCases(
            notifications,
            subscribers,
            persons,
            links,
            tokens,
            GrpcDirectory(neighbours),
            TemplateLetters(settings.public_url),
            SmtpPost(settings),
            machine_now,
            timedelta(seconds=settings.lease_seconds),
            timedelta(seconds=settings.smtp_seconds),
        ),
        notifications=NotificationUseCases(notifications, broadcasts),
    )


def build(settings: NotifySettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    metrics = Metrics()
    neighbours = _neighbours(settings)
    do = _use_cases(settings, store, neighbours)
    sender = Sender(do, store, metrics, timedelta(seconds=settings.look_seconds))
    tally = Tally(do.notifications, metrics)
    return Service(
        name="notify",
        settings=settings,
        store=store,
        published=PUBLISHED,
        apis=(subscriber_api(do), announcement_api(do), notification_api(do)),
        access=ACCESS,
        heard=subscribers(do),
        timers=timers(do),
        routes=routes(do, store, settings.public_url),
        jobs=(sender.fan_out, sender.send_service_messages, sender.send_news, tally.run),
        neighbours=tuple(neighbours.values()),
        metrics=metrics,
    )
