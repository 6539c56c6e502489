"""Contacts: who is behind a person_ref, for another service at the moment of sending."""

from dataclasses import dataclass
from typing import Annotated

from chassis.fields import Check
from chassis.ports import Caller
from services.funds.domain.person import Person
from services.funds.domain.refusals.person import PersonNotFound
from services.funds.usecases.ports import Persons


def _is_ref(value: str) -> bool:
    return len(value) == 32 and all(c in "0123456789abcdef" for c in value)


PersonRef = Annotated[str, Check(_is_ref, "must be a person_ref (32 lower-case hex digits)")]


@dataclass(frozen=True, slots=True)
class ResolveContact:
    person_ref: PersonRef


class ContactUseCases:
    def __init__(self, persons: Persons) -> None:
        self._persons = persons

    async def resolve_contact(self, query: ResolveContact, caller: Caller) -> Person:
        caller.require("service")
        person = await self._persons.find(query.person_ref)
        if person is None:
            raise PersonNotFound
        return person
