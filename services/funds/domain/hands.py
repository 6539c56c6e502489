"""A count of hands: how an assembly (Kiezkassenversammlung) votes on a motion, nobody by name."""

from dataclasses import dataclass
from datetime import datetime

from services.funds.domain.refusals.jury_session import MoreHandsThanPeople
from services.funds.domain.vote import Tally


@dataclass(frozen=True, slots=True)
class Hands:
    """`present` is how many were there when the hands were counted; `by` is the `sub` of who counted."""

    yes: int
    no: int
    abstain: int
    present: int
    by: str
    at: datetime

    def checked(self) -> "Hands":
        """Itself, unless more hands went up than there are people."""
        raised = self.yes + self.no + self.abstain
        if raised > self.present:
            raise MoreHandsThanPeople(raised, self.present)
        return self

    @property
    def tally(self) -> Tally:
        """Nobody is recused by name in an assembly."""
        return Tally(self.yes, self.no, self.abstain, self.present, recused_present=0)
