"""Telling another service how to reach a registered person, at the moment of sending."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.ports import Caller
from services.events.domain.person import Person
from services.events.usecases.ports import Persons


@dataclass(frozen=True, slots=True)
class ResolveContact:
    person_ref: Annotated[str, MinLen(1), MaxLen(64)]


class ContactUseCases:
    def __init__(self, persons: Persons) -> None:
        self._persons = persons

    async def resolve_contact(self, query: ResolveContact, caller: Caller) -> Person:
        caller.require("service")
        return await self._persons.get(query.person_ref)
