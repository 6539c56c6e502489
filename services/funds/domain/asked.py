"""What was asked of a pot: sums that anyone may see, and no sum that gives a single application away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.funds.domain.application import ApplicationStatus

# A sum over fewer applications than these, of which nothing else is public, would tell what one of them asked for.
FEWEST = 3
AWARDED = (ApplicationStatus.APPROVED, ApplicationStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class InRound:
    """All that was handed in for one round of a fund."""

    fund_id: str
    round_id: str


@dataclass(frozen=True, slots=True)
class OutsideRounds:
    """What was handed in outside of rounds for `region` or below it, but for the parts `without`, from `first` to before `end`."""

    fund_id: str
    region: str
    without: tuple[str, ...]
    first: datetime
    end: datetime


Call = InRound | OutsideRounds


@dataclass(frozen=True, slots=True)
class AskedPart:
    """So many applications of one status, and what they ask for together."""

    status: ApplicationStatus
    applications: int
    cents: int


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


def asked_in_all(parts: Iterable[AskedPart], *, in_minutes: bool) -> Asked:
    """The sum of what was handed in; `in_minutes` says of all of it whether approved minutes list it."""
    asked = Asked()
    for part in parts:
        told = is_told(part.status, in_minutes=in_minutes)
        asked += Asked(part.applications, part.cents) if told else Asked(0, 0, part.applications, part.cents)
    return asked
