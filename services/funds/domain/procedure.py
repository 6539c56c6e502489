"""The procedure of a session: the rules that hold for its votes, frozen when it opens."""

import hashlib
import json
from dataclasses import asdict, dataclass

from services.funds.domain.fund_rules import FundRules, Majority
from services.funds.domain.vote import Tally


@dataclass(frozen=True, slots=True)
class Procedure:
    """The quorum is a count, or a percentage of the seats filled, rounded up; `seats` are those filled on the day.

    An assembly has none: there whoever is present at a count is a member.
    """

    quorum_percent: int
    quorum_count: int
    majority: Majority
    recused_count_for_quorum: bool
    cap_exception_allowed: bool
    seats: int
    rules_version: int

    @classmethod
    def freeze(cls, rules: FundRules, rules_version: int, seats: int) -> "Procedure":
        return cls(
            quorum_percent=rules.quorum_percent,
            quorum_count=rules.quorum_count,
            majority=rules.majority,
            recused_count_for_quorum=rules.recused_count_for_quorum,
            cap_exception_allowed=rules.cap_exception_allowed,
            seats=seats,
            rules_version=rules_version,
        )

    @property
    def sha256(self) -> str:
        """The hash of the rules as JSON with sorted keys: whoever has the rules can prove that they were these."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def quorum(self) -> int:
        """How many must be there; never nobody."""
        return max(self.quorum_count or -(-self.seats * self.quorum_percent // 100), 1)

    def may_decide(self, present: int, recused_present: int) -> int:
        """How many of those who are there count for the quorum."""
        return present - (0 if self.recused_count_for_quorum else recused_present)

    def quorate(self, present: int, recused_present: int = 0) -> bool:
        return self.may_decide(present, recused_present) >= self.quorum

    def carried(self, tally: Tally) -> bool:
        """Whether the motion has its majority; a tie is a no, and so is a vote in which nobody said yes."""
        if tally.yes == 0:
            return False
        if self.majority is Majority.OF_MEMBERS:
            return 2 * tally.yes > (self.seats or tally.present)
        if self.majority is Majority.TWO_THIRDS:
            return 3 * tally.yes >= 2 * (tally.yes + tally.no)
        return tally.yes > tally.no

    def decides(self, tally: Tally) -> bool:
        """Carried by a quorate jury: what a recount asks."""
        return self.quorate(tally.present, tally.recused_present) and self.carried(tally)
