"""What happens to a payment; `state` is the payment after it."""

from dataclasses import dataclass

from services.funds.domain.payment import Payment


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
