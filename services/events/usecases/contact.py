"""Telling another service how to reach a registered person, at the moment of sending."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import OptionalId
from chassis.ports import Caller
from services.events.domain.person import Language, Person
from services.events.domain.refusals import PersonNotFound
from services.events.domain.registration import Registration
from services.events.usecases.person import person_of
from services.events.usecases.ports import Persons, Registrations
from services.events.usecases.registration_links import RegistrationLinks


@dataclass(frozen=True, slots=True)
class ResolveContact:
    person_ref: Annotated[str, MinLen(1), MaxLen(64)]
    registration_id: OptionalId = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to write to, and the links of their registration when it was named."""

    name: str
    email: str
    language: Language
    cancel_url: str = ""
    confirm_url: str = ""


class ContactUseCases:
    def __init__(self, persons: Persons, registrations: Registrations, links: RegistrationLinks) -> None:
        self._persons, self._registrations, self._links = persons, registrations, links

    async def resolve_contact(self, query: ResolveContact, caller: Caller) -> Contact:
        caller.require("service")
        if not query.registration_id:
            latest = await self._registrations.latest_of(query.person_ref)
            return _contact(await self._person(latest) if latest else await self._persons.get(query.person_ref))
        registration = await self._registrations.find(query.registration_id)
        if registration is None or registration.person_ref != query.person_ref:
            raise PersonNotFound
        return _contact(await self._person(registration), *await self._links.of(registration))

    async def _person(self, registration: Registration) -> Person:
        person = await person_of(self._persons, registration)
        if person is None:
            raise PersonNotFound
        return person


def _contact(person: Person, cancel_url: str = "", confirm_url: str = "") -> Contact:
    return Contact(person.name, person.email, person.language, cancel_url, confirm_url)
