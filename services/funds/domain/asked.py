"""What was asked of a pot: sums that anyone may see, and no sum that gives a single application away."""

from dataclasses import dataclass
from datetime import datetime

from lor import within
from services.funds.domain.application import ApplicationStatus

# A sum over fewer applications than these, of which nothing else is public, would tell what one of them asked for.
FEWEST = 3
AWARDED = (ApplicationStatus.APPROVED, ApplicationStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class InRounds:
    """All that was handed in for these rounds of these funds."""

    fund_ids: tuple[str, ...]
    round_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutsideRounds:
    """What was handed in to these funds outside of rounds for `region` or below it, from `first` to before `end`."""

    fund_ids: tuple[str, ...]
    region: str
    first: datetime
    end: datetime


Call = InRounds | OutsideRounds


@dataclass(frozen=True, slots=True)
class AskedPart:
    """So many applications of one status to one fund, for one round or place, and what they ask for together."""

    fund_id: str
    round_id: str
    region: str
    status: ApplicationStatus
    applications: int
    cents: int

    def asked(self, *, in_minutes: bool) -> "Asked":
        """The same as what may be told; `in_minutes` says of all of it whether approved minutes list it."""
        if is_told(self.status, in_minutes=in_minutes):
            return Asked(self.applications, self.cents)
        return Asked(0, 0, self.applications, self.cents)


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Of which pot something was asked: of that of its rounds, or outside of rounds of that of its fund and region.

    What came from a place that has a pot of its own (`without`) was asked of that one: it is counted once, and no two sums
    differ by it.
    """

    fund_id: str
    region: str
    round_ids: frozenset[str]
    without: tuple[str, ...]

    def takes(self, part: AskedPart) -> bool:
        if part.round_id:
            return part.round_id in self.round_ids
        is_here = part.fund_id == self.fund_id and within(part.region, self.region)
        return is_here and not any(within(part.region, place) for place in self.without)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many applications were handed in, and what they ask for.

    Of those that are `told` an award or minutes tell the amount anyway; of the `quiet` ones nothing is public, and whoever
    knows a sum and the rest of it gets at theirs by subtracting.
    """

    told: int = 0
    told_cents: int = 0
    quiet: int = 0
    quiet_cents: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(
            self.told + other.told,
            self.told_cents + other.told_cents,
            self.quiet + other.quiet,
            self.quiet_cents + other.quiet_cents,
        )

    def shown(self, *, is_open: bool) -> tuple[int, int, bool]:
        """How many and how much everyone may know, and whether there is more; of an open call nothing quiet is told."""
        if self.quiet and (is_open or self.quiet < FEWEST):
            return self.told, self.told_cents, True
        return self.told + self.quiet, self.told_cents + self.quiet_cents, is_open


def is_told(status: ApplicationStatus, *, in_minutes: bool) -> bool:
    """Whether everyone may know what one application asked for: by its award, or by approved minutes that list it."""
    return in_minutes or status in AWARDED
