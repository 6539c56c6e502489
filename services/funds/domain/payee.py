"""A payee: the name and account that a grant is paid to (Zahlungsempfänger)."""

from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import MaxLen
from stdnum import iban as iban_rules

from chassis.fields import Check


def is_iban(value: str) -> bool:
    """Whether the check digits and the country's structure hold, with or without spaces."""
    return bool(iban_rules.is_valid(value))


Iban = Annotated[str, MaxLen(42), Check(is_iban, "must be an IBAN whose check digits hold")]


@dataclass(frozen=True, slots=True)
class Payee:
    """`iban` is compact and upper-case. Neither field ever leaves this service by a message."""

    name: str
    iban: str

    @classmethod
    def of(cls, name: str, iban: str) -> "Payee":
        return cls(name, iban_rules.compact(iban))

    def masked(self) -> "Payee":
        """Country and last four characters: enough to recognise an account, too little to use it."""
        return replace(self, iban=f"{self.iban[:2]}…{self.iban[-4:]}")
