"""A person that notify may write to of its own: a subscriber's address, kept apart so that it can be erased."""

from dataclasses import dataclass

from services.notify.domain.language import Language


@dataclass(frozen=True, slots=True)
class Person:
    """The row of a person; `id` is the person_ref."""

    id: str
    name: str
    email: str
    language: Language
