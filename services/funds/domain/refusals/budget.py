"""How a budget and its ledger say no."""

from datetime import date

from chassis.refusals import Invalid, NotFound, NotNow


class BudgetExceeded(NotNow):
    def __init__(self, available_cents: int) -> None:
        super().__init__(
            "BUDGET_EXCEEDED",
            f"The budget has {available_cents} cents available. Reduce the amount, or raise the budget.",
            details={"available_cents": str(available_cents)},
        )


class BudgetNotReleased(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("BUDGET_NOT_RELEASED", f"The budget is {status}; money moves only in a released one.")


class BudgetNotPlanned(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("BUDGET_NOT_PLANNED", f"The budget is {status}; raise it instead of releasing it again.")


class BudgetHasOpenCommitments(NotNow):
    def __init__(self, committed_cents: int, receivable_cents: int) -> None:
        super().__init__(
            "BUDGET_HAS_OPEN_COMMITMENTS",
            f"{committed_cents} cents are committed and {receivable_cents} cents are owed back. "
            "Settle or cancel these grants before closing the year.",
            details={"committed_cents": str(committed_cents), "receivable_cents": str(receivable_cents)},
        )


class NotSoMuch(NotNow):
    """An account would go below zero."""

    def __init__(self, account: str, held_cents: int) -> None:
        super().__init__(
            f"{account.upper()}_EXCEEDED",
            f"The account {account} of the budget holds {held_cents} cents. Lower the amount.",
            details={f"{account}_cents": str(held_cents)},
        )


class AmountNotPositive(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "AMOUNT_NOT_POSITIVE", "Give an amount above zero.", fields={"amount_cents": "must be above zero"}
        )


class ValueDateOutsideYear(Invalid):
    def __init__(self, value_date: date, year: int) -> None:
        super().__init__(
            "VALUE_DATE_OUTSIDE_YEAR",
            f"{value_date} is not a day of {year}, the year of the budget.",
            fields={"value_date": f"must be a day of {year}"},
        )


class PostingNotFound(NotFound):
    def __init__(self, number: int) -> None:
        super().__init__("POSTING_NOT_FOUND", f"This budget has no posting number {number}.")


class PostingIsReversed(NotNow):
    def __init__(self, number: int) -> None:
        super().__init__("POSTING_IS_REVERSED", f"Posting {number} is reversed already, or is a reversal itself.")


class PostingOfGrant(NotNow):
    def __init__(self, grant_id: str) -> None:
        super().__init__(
            "POSTING_OF_GRANT",
            "This posting belongs to a grant. Cancel, pay or settle the grant; the ledger follows.",
            details={"grant_id": grant_id},
        )


class RegionOutsideFund(Invalid):
    def __init__(self, region: str, fund_region: str) -> None:
        super().__init__(
            "REGION_OUTSIDE_FUND",
            f"The fund gives money in {fund_region}; {region} does not lie in it.",
            fields={"region": f"must lie in {fund_region}"},
        )


class WeightsMissing(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "WEIGHTS_MISSING",
            "Name each region once, with at least one weight above zero.",
            fields={"shares": "each region once, at least one weight above zero"},
        )


class MinimumTooHigh(Invalid):
    def __init__(self, most_cents: int) -> None:
        super().__init__(
            "MINIMUM_TOO_HIGH",
            f"The total is not enough for this minimum; it may be at most {most_cents} cents.",
            fields={"minimum_cents": f"must be at most {most_cents}"},
        )
