"""Why a proof does not hold."""

from chassis.refusals import Invalid, NotNow


class GoalsNotAnswered(Invalid):
    def __init__(self, goals: int) -> None:
        super().__init__(
            "GOALS_NOT_ANSWERED",
            "Say of every goal, in its order, what came of it.",
            fields={"results": f"must have one entry for each of the {goals} goals"},
        )


class AnswerDayPassed(Invalid):
    def __init__(self, today: str) -> None:
        super().__init__(
            "ANSWER_DAY_PASSED",
            "An answer needs a day that has not passed.",
            fields={"answer_by": f"must be {today} or later"},
        )


class AnswerDayTooLate(Invalid):
    def __init__(self, latest: str) -> None:
        super().__init__(
            "ANSWER_DAY_TOO_LATE",
            "Whoever is asked answers within a year, or the proof would never fall due.",
            fields={"answer_by": f"must be {latest} or earlier"},
        )


class AcceptedAboveCosts(NotNow):
    def __init__(self, most_cents: int) -> None:
        super().__init__(
            "ACCEPTED_ABOVE_COSTS",
            "No more can be accepted than the project cost, with its lump sum.",
            details={"most_cents": str(most_cents)},
        )


class AcceptedAboveReceipts(NotNow):
    def __init__(self, proven_cents: int) -> None:
        super().__init__(
            "ACCEPTED_ABOVE_RECEIPTS",
            "By the rules of the fund no cost counts without a receipt; accept what the receipts show.",
            details={"proven_cents": str(proven_cents)},
        )


class RefundHasCome(NotNow):
    def __init__(self, refunded_cents: int) -> None:
        super().__init__(
            "REFUND_ALREADY_RECEIVED",
            "Money of the refund that this acceptance claims is booked as received; where it did not come, correct the "
            "refund first (CorrectRefund).",
            details={"refunded_cents": str(refunded_cents)},
        )


class PaidOnAcceptance(NotNow):
    def __init__(self, paid_cents: int, claims_cents: int) -> None:
        super().__init__(
            "PAID_ON_ACCEPTANCE",
            f"Costs are reimbursed, and {paid_cents} cents were paid where claims were accepted for {claims_cents}: the "
            "rest was paid on this acceptance, which stands until a bank sends it back.",
            details={"paid_cents": str(paid_cents), "claims_cents": str(claims_cents)},
        )


class ReasonMissing(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "REASON_MISSING",
            "Say why less is accepted.",
            fields={"reason": "is required when less than the costs is accepted"},
        )
