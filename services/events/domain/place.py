"""Where a calendar event happens: a place (Veranstaltungsort), online, or both."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from annotated_types import Ge, Le, MaxLen

from chassis.fields import Check, Line, OptionalLine, OptionalText


def _is_empty_or_https(value: str) -> bool:
    parts = urlsplit(value)
    https = parts.scheme == "https" and bool(parts.hostname) and value.isprintable() and " " not in value
    return value == "" or https


OptionalUrl = Annotated[str, MaxLen(2_000), Check(_is_empty_or_https, "must be an https address or empty")]
PostalCode = Annotated[
    str, Check(lambda v: v == "" or (len(v) == 5 and v.isascii() and v.isdecimal()), "must have five digits")
]


class AccessibilityFact(StrEnum):
    """What a place offers, each by itself: "accessible" alone tells nobody whether they can come (Barrierefreiheit)."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    ACCESSIBLE_PARKING = "accessible_parking"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    PLAIN_LANGUAGE = "plain_language"
    TACTILE_GUIDANCE = "tactile_guidance"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS 84."""

    latitude: Annotated[float, Ge(-90), Le(90)]
    longitude: Annotated[float, Ge(-180), Le(180)]


@dataclass(frozen=True, slots=True)
class Place:
    name: Line
    street: OptionalLine = ""
    postal_code: PostalCode = ""
    city: OptionalLine = "Berlin"
    point: Point | None = None
    accessibility: Annotated[tuple[AccessibilityFact, ...], MaxLen(20)] = ()
    accessibility_note: OptionalLine = ""

    @property
    def address(self) -> str:
        """One line as a person writes it: "Nachbarschaftshaus, Ribnitzer Straße 1b, 13051 Berlin"."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.name, self.street, town) if part)


@dataclass(frozen=True, slots=True)
class Online:
    """`url` is for everybody; `access` (dial-in, password) is shown to registered people and the organiser alone."""

    url: OptionalUrl = ""
    access: OptionalText = ""

    def without_access(self) -> "Online":
        return Online(url=self.url)
