"""What a grant over several years gets in one of them (Jahresscheibe)."""

from dataclasses import dataclass

from chassis.fields import Cents, Year


@dataclass(frozen=True, slots=True)
class YearShare:
    year: Year
    amount_cents: Cents
