"""A payment file: released payments on their way to the bank, each of them in one file ever (Zahlungsdatei, Zahllauf)."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Check
from chassis.ports import berlin_day
from services.funds.domain.grant import Grant
from services.funds.domain.payee import masked_iban
from services.funds.domain.payment import Payment
from services.funds.domain.refusals.payment import ExecutionDayPassed

# What a bank takes beforehand; more is a slip of the pen.
LONGEST_WAIT = timedelta(days=60)


def _is_bic_or_empty(value: str) -> bool:
    return value == "" or re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", value) is not None


OptionalBic = Annotated[str, MaxLen(11), Check(_is_bic_or_empty, "must be a BIC of 8 or 11 characters, or empty")]


class PaymentFileFormat(StrEnum):
    """`PAIN_001` is ISO 20022 pain.001.001.09, `CSV` the same payments as a table."""

    CSV = "csv"
    PAIN_001 = "pain_001"


@dataclass(frozen=True, slots=True)
class Payer:
    """The account of the district that the money leaves. `iban` is compact and upper-case; `bic` may be empty."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment as the bank has it; only ever written into the file's contents."""

    payment_id: str
    grant_id: str
    agreement_number: str
    amount_cents: int
    name: str
    iban: str
    purpose: str

    @classmethod
    def of(cls, payment: Payment, grant: Grant) -> "Transfer":
        return cls(
            payment_id=payment.id,
            grant_id=grant.id,
            agreement_number=grant.agreement_number,
            amount_cents=payment.amount_cents,
            name=payment.payee.name,
            iban=payment.payee.iban,
            purpose=f"{grant.agreement_number} {grant.title}",
        )


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The head of a file, without an account of a payee. `sha256` is of the contents, by format."""

    id: str
    region: str
    fund_id: str
    payer: Payer
    execution_on: date
    payments: int
    total_cents: int
    exported_by: str
    exported_at: datetime
    csv_sha256: str = ""
    pain_001_sha256: str = ""
    version: int = 0

    @property
    def message_id(self) -> str:
        """What the bank knows the file by: at most 35 characters, the same for ever."""
        return bank_reference(self.id)

    def masked(self) -> "PaymentFile":
        return replace(self, payer=replace(self.payer, iban=masked_iban(self.payer.iban)))


@dataclass(frozen=True, slots=True)
class PaymentFileContent:
    """What was handed out, kept as it was: whoever fetches a file again gets the same bytes."""

    id: str
    region: str
    text: str


def content_id(file_id: str, format: PaymentFileFormat) -> str:
    return f"{file_id}/{format}"


def bank_reference(id: str) -> str:
    """An id as banks take it: 32 characters instead of 36."""
    return id.replace("-", "")


def execution_day(wanted: date | None, at: datetime) -> date:
    """The day on which the bank is to carry out, today unless another one is wanted."""
    today = berlin_day(at)
    day = wanted or today
    if not today <= day <= today + LONGEST_WAIT:
        raise ExecutionDayPassed(today.isoformat(), (today + LONGEST_WAIT).isoformat())
    return day
