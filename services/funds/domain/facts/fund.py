"""What happened to a fund."""

from dataclasses import dataclass

from services.funds.domain.fund import Fund


@dataclass(frozen=True, slots=True)
class FundCreated:
    state: Fund


@dataclass(frozen=True, slots=True)
class FundRulesChanged:
    state: Fund
    reason: str
