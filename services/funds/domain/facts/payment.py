"""What happens to a payment and to a payment file; `state` is it after that."""

from dataclasses import dataclass

from services.funds.domain.payment import Payment
from services.funds.domain.payment_file import PaymentFile


@dataclass(frozen=True, slots=True)
class PaymentOrdered:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentReleased:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentPaid:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentExported:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentReturned:
    state: Payment


@dataclass(frozen=True, slots=True)
class PaymentFileExported:
    state: PaymentFile
