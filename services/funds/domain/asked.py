"""What was asked of a pot: sums that anyone may see, and no sum that gives a single application away."""

from dataclasses import dataclass

# A sum over fewer applications than these, of which nothing else is public, would tell what one of them asked for.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How many applications were handed in, what they ask for in all, and how many of them nobody else knows of.

    Of `quiet` ones neither award nor minutes tell anything. Whoever knows the rest gets at theirs by subtracting.
    """

    applications: int = 0
    requested_cents: int = 0
    quiet: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(
            self.applications + other.applications,
            self.requested_cents + other.requested_cents,
            self.quiet + other.quiet,
        )

    @property
    def is_shown(self) -> bool:
        return self.quiet == 0 or self.quiet >= FEWEST
