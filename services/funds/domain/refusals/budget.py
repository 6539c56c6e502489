"""How a budget and its ledger say no."""

from collections.abc import Sequence
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
        super().__init__(
            "BUDGET_NOT_PLANNED", f"The budget is {status}; only a planned one is released. Raise a released one."
        )


class BudgetHasOpenCommitments(NotNow):
    """`grant_ids` are those of the grants that hold them, the first fifty where there are more."""

    def __init__(self, committed_cents: int, grant_ids: Sequence[str] = ()) -> None:
        super().__init__(
            "BUDGET_HAS_OPEN_COMMITMENTS",
            f"{committed_cents} cents are committed. Carry these grants into the next year, settle or cancel them "
            "before closing the year.",
            details={"committed_cents": str(committed_cents), "grant_ids": ",".join(grant_ids)},
        )


class YearHasOpenCommitments(NotNow):
    """`budget_ids` are those of the budgets that hold them, the first fifty where there are more."""

    def __init__(self, budgets: int, committed_cents: int, budget_ids: Sequence[str]) -> None:
        super().__init__(
            "YEAR_HAS_OPEN_COMMITMENTS",
            f"{committed_cents} cents are committed in {budgets} budgets of this year. Carry these grants into the next "
            "year, settle or cancel them; then close the year.",
            details={
                "budgets": str(budgets),
                "committed_cents": str(committed_cents),
                "budget_ids": ",".join(budget_ids),
            },
        )


class RegionOrFund(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "INVALID_FIELDS",
            "Say whose year it is: a fund's, a region's, or both.",
            fields={"fund_id": "is required where no region is given"},
        )


class YearNotBegun(NotNow):
    def __init__(self, year: int) -> None:
        super().__init__("YEAR_NOT_BEGUN", f"{year} has not begun; its budgets cannot be closed yet.")


class NextBudgetMissing(NotNow):
    def __init__(self, year: int) -> None:
        super().__init__(
            "NEXT_BUDGET_MISSING",
            f"The fund has no released budget of {year} for this region. Plan and release it first.",
            details={"year": str(year)},
        )


class CarriedWithoutCounterpart(NotNow):
    def __init__(self, number: int) -> None:
        super().__init__(
            "CARRIED_WITHOUT_COUNTERPART",
            f"What posting {number} carried did not arrive in the next year's budget. Have the ledger verified.",
            details={"number": str(number)},
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


class ValueDateTooEarly(Invalid):
    """`day` is the first on which the account would have held less than nothing; it held `held_cents`."""

    def __init__(self, day: date, held_cents: int) -> None:
        super().__init__(
            "VALUE_DATE_TOO_EARLY",
            f"On {day} only {held_cents} cents were there to be moved; book it on a later day.",
            fields={"value_date": f"must be a day from which on the money is there: {day} is not"},
        )


class ValueDateInFuture(Invalid):
    def __init__(self, latest: date) -> None:
        super().__init__(
            "VALUE_DATE_IN_FUTURE",
            "Book money on a day that has come; in the budget of a year to come on its first day.",
            fields={"value_date": f"must be {latest} or earlier"},
        )


class PostingNotFound(NotFound):
    def __init__(self, number: int) -> None:
        super().__init__("POSTING_NOT_FOUND", f"This budget has no posting number {number}.")


class PostingIsReversed(NotNow):
    def __init__(self, number: int) -> None:
        super().__init__("POSTING_IS_REVERSED", f"Posting {number} is reversed already, or is a reversal itself.")


INSTEAD = {
    "commit": "Cancel the grant, and the money returns",
    "uncommit": "What a grant gave back is the pot's; as long as nothing is agreed, the decision can be revised",
    "pay": "Return the payment when it came back from the bank; what was paid too much is claimed back with the proof",
    "payment_returned": "Order the payment again",
    "refund_claimed": "What a wrong acceptance of the proof claimed is owed no more once that is taken back; what a revocation did stands",
    "refund_received": "Correct the refund by what did not come",
    "refund_corrected": "Book the refund when it comes",
    "refund_claim_withdrawn": "Accept the proof anew, and what was paid too much is claimed back",
    "carry_forward": "Cancel or settle the grant in the year into which it was carried",
    "bring_forward": "Cancel or settle the grant, and what it brought lapses",
}


class PostingOfGrant(NotNow):
    """A grant's own sums rest on its postings: what belongs to it is mended by its own commands alone."""

    def __init__(self, kind: str, grant_id: str) -> None:
        super().__init__(
            "POSTING_OF_GRANT",
            f"This posting belongs to a grant, whose sums rest on it. {INSTEAD[kind]}.",
            details={"grant_id": grant_id, "kind": kind},
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


class SharesOverlap(Invalid):
    def __init__(self, index: int, region: str, outer: str) -> None:
        super().__init__(
            "SHARES_OVERLAP",
            f"{region} lies in {outer}, which gets a share itself. Share the total over regions beside one another.",
            fields={f"shares[{index}].region": f"must not lie in {outer}"},
        )


class MinimumTooHigh(Invalid):
    def __init__(self, most_cents: int) -> None:
        super().__init__(
            "MINIMUM_TOO_HIGH",
            f"The total is not enough for this minimum; it may be at most {most_cents} cents.",
            fields={"minimum_cents": f"must be at most {most_cents}"},
        )
