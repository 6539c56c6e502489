"""What an actor tells of itself: the part of its record that an update replaces as a whole."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Check, Keyword, Line, OptionalLine, Text
from lor import Region
from services.actors.domain.contact import Contact
from services.actors.domain.place import Address, OpeningHours


class ActorKind(StrEnum):
    """What sort of actor: a Verein is an association, a Träger may be any of them."""

    ASSOCIATION = "association"
    INITIATIVE = "initiative"
    COMPANY = "company"
    FACILITY = "facility"
    PUBLIC_AUTHORITY = "public_authority"
    WELFARE_ASSOCIATION = "welfare_association"
    HOUSING_COMPANY = "housing_company"
    QUARTER_MANAGEMENT = "quarter_management"
    BODY = "body"
    RELIGIOUS_COMMUNITY = "religious_community"
    EDUCATIONAL_INSTITUTION = "educational_institution"


class AccessibilityFact(StrEnum):
    """What is there for people with disabilities, each for itself; what is not listed is not known to be there."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    ACCESSIBLE_PARKING = "accessible_parking"
    LIFT = "lift"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    SPEECH_TO_TEXT = "speech_to_text"
    TACTILE_GUIDANCE = "tactile_guidance"
    EASY_LANGUAGE = "easy_language"
    ASSISTANCE_ON_REQUEST = "assistance_on_request"


def _is_language(value: str) -> bool:
    main, _, region = value.partition("-")
    short = len(main) in (2, 3) and main.isascii() and main.isalpha() and main.islower()
    return short and (region == "" or (region.isascii() and region.isalnum() and len(region) <= 8))


def _differ(items: Iterable[Hashable]) -> bool:
    told = tuple(items)
    return len(set(told)) == len(told)


Language = Annotated[str, Check(_is_language, 'must be a language code such as "de" or "tr"')]
Keywords = Annotated[tuple[Keyword, ...], MaxLen(50), Check(_differ, "must not repeat one")]
Languages = Annotated[tuple[Language, ...], MaxLen(50), Check(_differ, "must not repeat one")]
Regions = Annotated[tuple[Region, ...], MaxLen(200), Check(_differ, "must not repeat one")]


@dataclass(frozen=True, slots=True)
class Description:
    """What the actor does, in one language."""

    language: Language
    text: Text


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number under which others know the actor: scheme "vereinsregister", value "VR 12345 B"."""

    scheme: Keyword
    value: Line

    @property
    def key(self) -> str:
        """Equal for two spellings of one number; no two actors share a key."""
        return f"{self.scheme}:{''.join(self.value.casefold().split())}"


Descriptions = Annotated[
    tuple[Description, ...],
    MaxLen(20),
    Check(lambda v: _differ(d.language for d in v), "must hold each language once"),
]
Identifiers = Annotated[
    tuple[Identifier, ...], MaxLen(20), Check(lambda v: _differ(i.key for i in v), "must hold each number once")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`region` is the home (LOR key), `service_regions` is where it works. It is public only when it says so."""

    region: Region
    kind: ActorKind
    name: Line
    short_name: OptionalLine = ""
    legal_form: OptionalLine = ""
    descriptions: Descriptions = ()
    topics: Keywords = ()
    target_groups: Keywords = ()
    languages: Languages = ()
    addresses: Annotated[tuple[Address, ...], MaxLen(20)] = ()
    service_regions: Regions = ()
    contacts: Annotated[tuple[Contact, ...], MaxLen(50)] = ()
    opening_hours: OpeningHours = field(default_factory=OpeningHours)
    accessibility: Annotated[tuple[AccessibilityFact, ...], MaxLen(20), Check(_differ, "must not repeat one")] = ()
    identifiers: Identifiers = ()
    source: OptionalLine = ""
    licence: OptionalLine = ""
    is_public: bool = False
