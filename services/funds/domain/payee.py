"""A payee: the name and account that a grant is paid to (Zahlungsempfänger)."""

from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import MaxLen
from stdnum import iban as iban_rules

from chassis.fields import Check


def is_iban(value: str) -> bool:
    """Whether the check digits and the country's structure hold, with or without spaces."""
    return bool(iban_rules.is_valid(value))


def compact(iban: str) -> str:
    """Without spaces and in capitals, as it is kept and sent."""
    return str(iban_rules.compact(iban))


Iban = Annotated[str, MaxLen(42), Check(is_iban, "must be an IBAN whose check digits hold")]


@dataclass(frozen=True, slots=True)
class Payee:
    """`iban` is compact and upper-case. Nothing of it ever leaves this service by a message.

    `entered_by` is the sub of whoever typed it, `reason` why it was changed after the agreement.
    """

    name: str
    iban: str
    entered_by: str
    reason: str = ""

    @classmethod
    def of(cls, name: str, iban: str, entered_by: str, reason: str = "") -> "Payee":
        return cls(name, compact(iban), entered_by, reason)

    def masked(self) -> "Payee":
        return replace(self, iban=masked_iban(self.iban))


def masked_iban(iban: str) -> str:
    """Country and last four characters: enough to recognise an account, too little to use it."""
    return f"{iban[:2]}…{iban[-4:]}"
