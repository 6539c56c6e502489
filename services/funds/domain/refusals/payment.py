"""Why money is not paid."""

from collections.abc import Iterable

from chassis.refusals import Forbidden, NotNow


class FourEyes(Forbidden):
    def __init__(self) -> None:
        super().__init__("FOUR_EYES", "Whoever ordered a payment does not release it; a second person has to.")


class DeciderMayNotPay(Forbidden):
    def __init__(self) -> None:
        super().__init__("DECIDER_MAY_NOT_PAY", "Whoever decided about a grant does not pay it; someone else has to.")


class ServiceIsNoEye(Forbidden):
    def __init__(self) -> None:
        super().__init__("SERVICE_IS_NO_EYE", "A payment is ordered and released by people, not by a service.")


class NoPayee(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_PAYEE", "The grant has no payee yet; issue the agreement first.")


class PaymentExceeded(NotNow):
    def __init__(self, payable_cents: int) -> None:
        super().__init__(
            "PAYMENT_EXCEEDED",
            "More than is payable: never above the award, nor above accepted costs where they count.",
            details={"payable_cents": str(payable_cents)},
        )


class PaymentNotIn(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        wanted = " or ".join(allowed)
        super().__init__(
            "PAYMENT_NOT_READY",
            f"The payment is {status}; this needs it to be {wanted}.",
            details={"status": status, "allowed": wanted},
        )


class PaidOnOutsidePeriod(NotNow):
    def __init__(self, first: str, last: str) -> None:
        super().__init__(
            "PAID_ON_OUTSIDE_PERIOD",
            "A payment is paid on a day after its release that has come.",
            fields={"paid_on": f"must lie from {first} to {last}"},
        )


class PaidFromAnotherYear(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "PAID_FROM_ANOTHER_YEAR",
            "The grant was carried into another year since; claim the money back with the proof, and book the refund.",
        )


class ClaimedBackMeanwhile(NotNow):
    def __init__(self, refund_claimed_cents: int) -> None:
        super().__init__(
            "CLAIMED_BACK_MEANWHILE",
            "A part of what was paid is claimed back already; book what came as its refund.",
            details={"refund_claimed_cents": str(refund_claimed_cents)},
        )
