"""Who a registration is for: the only place of this service where a name and an address are kept."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    DE = "de"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Person:
    id: str  # the registration's, so that nobody changes what another registration says; of old rows the person_ref
    name: str
    email: str
    language: Language = Language.DE
