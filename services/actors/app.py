"""Where actors is put together: the only module that knows all of its parts."""

from functools import partial

from chassis.persons import person_ref
from chassis.runtime import Service
from chassis.store import Store
from services.actors.adapters.mongo.actor import MongoActors, MongoTakenIdentifiers
from services.actors.adapters.mongo.relation import MongoRelations
from services.actors.adapters.mongo.revision import MongoRevisions
from services.actors.entrypoints.access import ACCESS
from services.actors.entrypoints.grpc import apis
from services.actors.messages.published import PUBLISHED
from services.actors.settings import ActorsSettings
from services.actors.usecases import UseCases
from services.actors.usecases.actor import ActorUseCases
from services.actors.usecases.contact import ContactUseCases
from services.actors.usecases.directory import DirectoryUseCases
from services.actors.usecases.history import History
from services.actors.usecases.identifier import Identifiers
from services.actors.usecases.registration import RegistrationUseCases
from services.actors.usecases.relation import RelationUseCases
from services.actors.usecases.revision import RevisionUseCases


def use_cases(store: Store, person_key: bytes) -> UseCases:
    ref = partial(person_ref, person_key)
    actors, relations, revisions = MongoActors(store, ref), MongoRelations(store), MongoRevisions(store)
    history, identifiers = History(revisions), Identifiers(MongoTakenIdentifiers(store))
    return UseCases(
        registration=RegistrationUseCases(actors, identifiers, history),
        actors=ActorUseCases(actors, identifiers, history),
        directory=DirectoryUseCases(actors),
        relations=RelationUseCases(actors, relations, history, store.clock),
        revisions=RevisionUseCases(actors, revisions),
        contacts=ContactUseCases(actors, ref),
    )


def build(settings: ActorsSettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    return Service(
        name="actors",
        settings=settings,
        store=store,
        published=PUBLISHED,
        apis=apis(use_cases(store, settings.person_key())),
        access=ACCESS,
    )
