"""Resolving a reference to a function mailbox, at the moment when somebody writes to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from chassis.fields import Check
from chassis.ports import Caller
from services.actors.domain.refusals import NoSuchMailbox
from services.actors.usecases.ports import Actors


def _is_ref(value: str) -> bool:
    return len(value) == 32 and set(value) <= set("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class ResolveContact:
    person_ref: Annotated[str, Check(_is_ref, "must be 32 hex digits")]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How to write to a contact now. `language` is the office's own."""

    name: str
    email: str
    language: str = "de"


class ContactUseCases:
    """`person_ref` turns a mail address into the reference under which other services know it."""

    def __init__(self, actors: Actors, person_ref: Callable[[str], str]) -> None:
        self._actors, self._person_ref = actors, person_ref

    async def resolve_contact(self, query: ResolveContact, caller: Caller) -> Mailbox:
        caller.require("service")
        actor = await self._actors.with_mailbox(query.person_ref)
        for contact in actor.contacts if actor else ():
            if actor and contact.email and self._person_ref(contact.email) == query.person_ref:
                return Mailbox(contact.name or f"{actor.name}, {contact.function}", contact.email)
        raise NoSuchMailbox
