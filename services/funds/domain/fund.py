"""A fund: a programme of a district that gives money by its own rules (Stadtteilkasse, Kiezfonds, Kiezkasse …)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from services.funds.domain.fund_rules import FundRules
from services.funds.domain.reference import Reference


class FundKind(StrEnum):
    STADTTEILKASSE = "stadtteilkasse"
    KIEZFONDS = "kiezfonds"
    KIEZKASSE = "kiezkasse"
    AKTIONSFONDS = "aktionsfonds"
    FEIN = "fein"
    COORDINATION = "coordination"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fund:
    """`office_actor_id` is who gives the money out (Geschäftsstelle), unless a budget names its own."""

    id: str
    region: str
    kind: FundKind
    name: str
    office_actor_id: str
    rules: FundRules
    rules_version: int = 1
    references: tuple[Reference, ...] = ()
    version: int = 0

    def with_rules(self, rules: FundRules) -> "Fund":
        """New rules hold for what opens from now on; what is open keeps those that it froze."""
        return replace(self, rules=rules.checked(), rules_version=self.rules_version + 1)
