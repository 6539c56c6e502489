"""The rules of a ballot (Votierung): how people vote, what the result may spend, and what a tie is decided by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import CentsOrZero
from services.funds.domain.refusals.ballot import BallotRulesWrong

# With fewer votes a total would tell how single people voted.
FEWEST_VOTES = 10


class BallotKind(StrEnum):
    """So many votes a person, or a purse of the budget that each person fills with proposals (knapsack)."""

    VOTES = "votes"
    KNAPSACK = "knapsack"


class TieRule(StrEnum):
    """What stands first of those with as many votes: what costs less (and then the lot), or the lot at once."""

    LOWER_COST = "lower_cost"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class BallotRules:
    """`votes_per_person` and `votes_per_proposal` are those of kind VOTES. `budget_cents` is what the result may spend, in a knapsack
    also each person's purse; `winners` is how many may be chosen; 0 is no limit. With fewer than `min_votes` it does not count.
    """

    kind: BallotKind
    tie_rule: TieRule
    votes_per_person: Annotated[int, Ge(0), Le(50)] = 0
    votes_per_proposal: Annotated[int, Ge(0), Le(50)] = 0
    budget_cents: CentsOrZero = 0
    winners: Annotated[int, Ge(0), Le(200)] = 0
    min_votes: Annotated[int, Ge(FEWEST_VOTES), Le(1_000_000)] = FEWEST_VOTES

    def check(self) -> None:
        """Refuse rules that leave open what wins, naming every field."""
        problems = self._of_votes() if self.kind is BallotKind.VOTES else self._of_knapsack()
        if problems:
            raise BallotRulesWrong({f"rules.{field}": says for field, says in problems.items()})

    def _of_votes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if not self.votes_per_person:
            found["votes_per_person"] = "is required where people have votes"
        if not 1 <= self.votes_per_proposal <= max(self.votes_per_person, 1):
            found["votes_per_proposal"] = "must be from 1 to votes_per_person"
        if not (self.winners or self.budget_cents):
            found["winners"] = "or budget_cents must say what is chosen"
        return found

    def _of_knapsack(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if not self.budget_cents:
            found["budget_cents"] = "is required for a knapsack"
        for field in ("votes_per_person", "votes_per_proposal"):
            if getattr(self, field):
                found[field] = "is for the kind VOTES alone"
        return found
