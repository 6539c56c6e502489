"""A person: the only place in this service that holds a name and a mail address."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The language in which a person is written to."""

    DE = "de"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Person:
    """An applicant, a contact of one, or a member of a jury. `id` is the person_ref under which all else knows them."""

    id: str
    name: str
    email: str
    language: Language = Language.DE
