"""Why money is not paid."""

from collections.abc import Iterable

from chassis.refusals import Forbidden, Invalid, NotNow


class FourEyes(Forbidden):
    def __init__(self) -> None:
        super().__init__(
            "FOUR_EYES",
            "Whoever ordered a payment or typed its account does not release it; a second person has to.",
        )


class DeciderMayNotPay(Forbidden):
    def __init__(self) -> None:
        super().__init__(
            "DECIDER_MAY_NOT_PAY", "Whoever decided about a grant does not move its money; someone else has to."
        )


class ServiceIsNoEye(Forbidden):
    def __init__(self) -> None:
        super().__init__("SERVICE_IS_NO_EYE", "Money is moved by people, not by a service.")


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


class PaymentHeld(NotNow):
    def __init__(self, hold: str) -> None:
        super().__init__(
            "PAYMENT_HELD",
            "The recipient's record is archived or was not confirmed in time; have it confirmed with actors, then pay.",
            details={"hold": hold},
        )


class ReturnedOnOutsidePeriod(NotNow):
    def __init__(self, first: str, last: str) -> None:
        super().__init__(
            "RETURNED_ON_OUTSIDE_PERIOD",
            "Money comes back on a day after it was paid that has come.",
            fields={"returned_on": f"must lie from {first} to {last}"},
        )


class RefundAlreadyReceived(NotNow):
    def __init__(self, refunded_cents: int) -> None:
        super().__init__(
            "REFUND_ALREADY_RECEIVED",
            "A refund of this money was booked already; what the bank sent back is that refund or a part of it.",
            details={"refunded_cents": str(refunded_cents)},
        )


class NothingToExport(NotNow):
    def __init__(self, left_out: int) -> None:
        super().__init__(
            "NOTHING_TO_EXPORT",
            "No released payment is there that you may export and that is in no file yet.",
            details={"left_out": str(left_out)},
        )


class ExecutionDayPassed(Invalid):
    def __init__(self, first: str, last: str) -> None:
        super().__init__(
            "EXECUTION_DAY_OUTSIDE_PERIOD",
            "A bank carries out on a day that has not passed and is not far away.",
            fields={"execution_on": f"must lie from {first} to {last}"},
        )
