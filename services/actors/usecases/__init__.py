"""All that actors can be asked to do, on one page."""

from dataclasses import dataclass

from services.actors.usecases.actor import ActorUseCases
from services.actors.usecases.contact import ContactUseCases
from services.actors.usecases.directory import DirectoryUseCases
from services.actors.usecases.registration import RegistrationUseCases
from services.actors.usecases.relation import RelationUseCases
from services.actors.usecases.revision import RevisionUseCases


@dataclass(frozen=True, slots=True)
class UseCases:
    registration: RegistrationUseCases
    actors: ActorUseCases
    directory: DirectoryUseCases
    relations: RelationUseCases
    revisions: RevisionUseCases
    contacts: ContactUseCases
