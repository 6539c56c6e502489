"""A person: the only place in this service that holds a name and a mail address."""

from dataclasses import dataclass, replace
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
    # The `sub` of who first named them, for themselves or as their contact; empty where an office did.
    named_by: str = ""

    def named(self, name: str, language: Language, by: str) -> "Person":
        """With a new name and language, where `by` may say so: who named them first, or an office ("").

        Whoever else writes somebody's address down says nothing of how that person is called in other letters.
        """
        if by and by != self.named_by:
            return self
        return replace(self, name=name, language=language, named_by=by)
