"""Why something cannot be done with a grant."""

from collections.abc import Iterable

from chassis.refusals import Forbidden, Invalid, NotNow


class ApprovedNothing(NotNow):
    def __init__(self) -> None:
        super().__init__("APPROVED_NOTHING", "An award needs an amount above zero; decline the application instead.")


class ApprovedAboveRequested(NotNow):
    def __init__(self, approved_cents: int, requested_cents: int) -> None:
        super().__init__(
            "APPROVED_ABOVE_REQUESTED",
            "No more may be awarded than was asked for.",
            details={"approved_cents": str(approved_cents), "requested_cents": str(requested_cents)},
        )


class SharesNotInOrder(Invalid):
    def __init__(self, first: int) -> None:
        super().__init__(
            "SHARES_NOT_IN_ORDER",
            "Name the share of each later year once, one year after the other.",
            fields={"later_shares": f"must begin with {first} and leave no year out"},
        )


class TooManyYears(Invalid):
    def __init__(self, most: int) -> None:
        super().__init__(
            "TOO_MANY_YEARS",
            f"By the rules of the fund an award may get money in {most} years at most.",
            fields={"later_shares": f"must be at most {most - 1}"},
        )


class SharesStand(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "SHARES_STAND",
            "This award gives money in several years; name each later year's share beside the amount of this one.",
        )


class NothingToCarry(NotNow):
    def __init__(self) -> None:
        super().__init__("NOTHING_TO_CARRY", "All that was promised to this grant is paid; nothing is left to carry.")


class NoShareLeft(NotNow):
    def __init__(self, year: int) -> None:
        super().__init__("NO_SHARE_LEFT", f"The award gives this grant nothing in {year}.", details={"year": str(year)})


class GrantNotIn(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        wanted = " or ".join(allowed)
        super().__init__(
            "GRANT_NOT_READY",
            f"The grant is {status}; this needs it to be {wanted}.",
            details={"status": status, "allowed": wanted},
        )


class NotStartedYet(NotNow):
    def __init__(self) -> None:
        super().__init__("PROJECT_NOT_STARTED", "The project has not begun yet; wait for its first day.")


class NotOverdueYet(NotNow):
    def __init__(self, due_on: str) -> None:
        super().__init__(
            "PROOF_NOT_OVERDUE", "The proof is not overdue; revoke after its due day.", details={"proof_due_on": due_on}
        )


class RemindersPending(NotNow):
    def __init__(self, last_reminder_on: str) -> None:
        super().__init__(
            "REMINDERS_PENDING",
            "A reminder of the proof is still to go out; revoke after its day.",
            details={"last_reminder_on": last_reminder_on},
        )


class PaymentInFlight(NotNow):
    def __init__(self, in_flight_cents: int) -> None:
        super().__init__(
            "PAYMENT_IN_FLIGHT",
            "A payment is ordered and neither paid nor failed; finish it first.",
            details={"in_flight_cents": str(in_flight_cents)},
        )


class ClaimsUndecided(NotNow):
    def __init__(self, open_claims: int) -> None:
        super().__init__(
            "CLAIMS_UNDECIDED", "Accept or refuse every claim first.", details={"open_claims": str(open_claims)}
        )


class AlreadyPaid(NotNow):
    def __init__(self, paid_cents: int) -> None:
        super().__init__(
            "ALREADY_PAID",
            "Money was paid; a grant ends by its proof or by revocation now.",
            details={"paid_cents": str(paid_cents)},
        )


class RefundOutstanding(NotNow):
    def __init__(self, refund_due_cents: int) -> None:
        super().__init__(
            "REFUND_OUTSTANDING",
            "The refund has not come in yet; book it first.",
            details={"refund_due_cents": str(refund_due_cents)},
        )


class RefundTooHigh(NotNow):
    def __init__(self, refund_due_cents: int) -> None:
        super().__init__(
            "REFUND_TOO_HIGH",
            "More than what is owed cannot be booked as a refund.",
            details={"refund_due_cents": str(refund_due_cents)},
        )


class RefundNotSoHigh(NotNow):
    def __init__(self, refunded_cents: int) -> None:
        super().__init__(
            "REFUND_NOT_SO_HIGH",
            f"{refunded_cents} cents are booked as refunded; no more than that can have been booked wrongly.",
            details={"refunded_cents": str(refunded_cents)},
        )


class PaymentOutstanding(NotNow):
    def __init__(self, payable_cents: int) -> None:
        super().__init__(
            "PAYMENT_OUTSTANDING",
            "Accepted costs are not paid yet; pay them, or say why the recipient waives them.",
            details={"payable_cents": str(payable_cents)},
        )


class ReceivedInFuture(Invalid):
    def __init__(self, today: str) -> None:
        super().__init__(
            "RECEIVED_IN_FUTURE",
            "Book money on the day it came.",
            fields={"received_on": f"must be {today} or earlier"},
        )


class ReceivedBeforePaid(Invalid):
    def __init__(self, paid_on: str) -> None:
        super().__init__(
            "RECEIVED_BEFORE_PAID",
            "Money comes back on a day after it was paid.",
            fields={"received_on": f"must be {paid_on} or later"},
        )


class NotYourGrant(Forbidden):
    def __init__(self, offices: Iterable[str]) -> None:
        super().__init__(
            "NOT_YOUR_GRANT",
            f"This is for the recipient of the grant, or the role {' or '.join(offices)} in its region.",
        )


class OwnGrant(Forbidden):
    def __init__(self) -> None:
        super().__init__("OWN_GRANT", "Nobody decides or pays for themselves; someone else of the office has to.")
