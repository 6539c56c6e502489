"""Why a receipt or a claim does not count."""

from chassis.refusals import Exists, Invalid, NotNow


class ReceiptAlreadyUsed(Exists):
    def __init__(self, position: int) -> None:
        field = f"receipts[{position}]"
        super().__init__(
            "RECEIPT_ALREADY_USED",
            "This receipt was handed in before; each one counts once.",
            fields={field: "was handed in before"},
        )


class ReceiptOutsidePeriod(NotNow):
    def __init__(self, position: int, first: str, last: str) -> None:
        super().__init__(
            "RECEIPT_OUTSIDE_PERIOD",
            "A receipt counts from the day of the decision on, and never before it was written.",
            fields={f"receipts[{position}].issued_on": f"must lie from {first} to {last}"},
        )


class ClaimDecided(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("CLAIM_DECIDED", f"The claim is {status} already.", details={"status": status})


class DeductionNeedsReceipt(Invalid):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(
            "DEDUCTION_FITS_NO_RECEIPT", "Name one receipt of the claim and a lower amount.", fields={field: problem}
        )


class NothingAccepted(NotNow):
    def __init__(self) -> None:
        super().__init__("NOTHING_ACCEPTED", "Nothing of the claim would count; refuse it with a reason instead.")
