"""A fund: a programme of a district that gives money by its own rules (Stadtteilkasse, Kiezfonds, Kiezkasse …)."""

from dataclasses import dataclass, replace
from datetime import datetime
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
class RulesVersion:
    """The rules that a fund had, or has, and since when: None where that was not kept."""

    id: str
    fund_id: str
    rules_version: int
    rules: FundRules
    since: datetime | None
    reason: str = ""


def rules_version_id(fund_id: str, rules_version: int) -> str:
    """Ids sort as versions do."""
    return f"{fund_id}/{rules_version:06d}"


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

    def rules_since(self, at: datetime | None, reason: str = "") -> "RulesVersion":
        """The rules of now, to be kept when they are no longer those of now."""
        return RulesVersion(
            rules_version_id(self.id, self.rules_version), self.id, self.rules_version, self.rules, at, reason
        )

    def with_rules(self, rules: FundRules) -> "Fund":
        """New rules hold for what opens from now on; what is open keeps those that it froze."""
        return replace(self, rules=rules.checked(), rules_version=self.rules_version + 1)
