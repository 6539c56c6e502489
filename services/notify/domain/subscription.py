"""A subscription: which kinds of news someone wants to hear from which regions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lor import Region, ancestors


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
    regions: tuple[Region, ...]
    cadence: Cadence = Cadence.AT_ONCE

    def keys(self) -> frozenset[str]:
        """What this subscription is found by: `=` marks the region itself, `<` it and each region around it."""
        return frozenset(
            key
            for kind in self.kinds
            for region in self.regions
            for key in (f"{kind}={region}", *(f"{kind}<{around}" for around in ancestors(region)))
        )


def hearing_keys(kind: NewsKind, regions: Iterable[str]) -> tuple[str, ...]:
    """The keys under which all are found who hear news of this kind for these regions; one may be under several."""
    keys: dict[str, None] = {}
    for region in regions:
        keys[f"{kind}<{region}"] = None
        keys.update(dict.fromkeys(f"{kind}={around}" for around in ancestors(region) if around != region))
    return tuple(keys)
