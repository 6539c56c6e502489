"""A subscription: which kinds of news someone wants to hear from which regions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lor import ancestors


class NewsKind(StrEnum):
    """What one can follow: calls for applications, decisions on money, the calendar, announcements (Meldungen)."""

    ROUNDS = "rounds"
    AWARDS = "awards"
    CALENDAR = "calendar"
    ANNOUNCEMENTS = "announcements"


class Cadence(StrEnum):
    """How news are gathered before they are sent."""

    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who follows a region hears all that is said inside of it, and what is said for the regions around it."""

    kinds: tuple[NewsKind, ...]
    regions: tuple[str, ...]
    cadence: Cadence = Cadence.AT_ONCE

    def found_by(self) -> frozenset[str]:
        """What this subscription is found by, with `hearing_keys`."""
        return frozenset(f"{kind}{key}" for kind in self.kinds for key in place_keys(self.regions))


def hearing_keys(kind: NewsKind, regions: Iterable[str]) -> tuple[str, ...]:
    """The keys under which all are found who hear news of this kind for these regions; one may be under several."""
    return tuple(dict.fromkeys(f"{kind}{key}" for region in regions for key in touching_keys(region)))


def place_keys(regions: Iterable[str]) -> frozenset[str]:
    """What something that is about these regions is found by: "=" marks a region itself, "<" it and each around it."""
    return frozenset(
        key for region in regions for key in (f"={region}", *(f"<{around}" for around in ancestors(region)))
    )


def touching_keys(region: str) -> tuple[str, ...]:
    """Finds by `place_keys` what is about this region, one inside of it, or one around it."""
    return (f"<{region}", *(f"={around}" for around in ancestors(region) if around != region))
