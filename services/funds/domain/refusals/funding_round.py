"""How a round says no."""

from collections.abc import Iterable
from datetime import date

from chassis.refusals import Invalid, NotNow


class RoundInState(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"ROUND_{status.upper()}", f"The round is {status}; this is possible while it is {' or '.join(allowed)}."
        )


class RoundOver(NotNow):
    """A day that has passed cannot be moved."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "ROUND_DAY_PASSED",
            f"The round has passed {field}; it stays. A closed round is opened again by ReopenRound.",
            details={"field": field},
        )


class RoundNotOver(NotNow):
    """Whoever applies on the last day has the chances of whoever applied on the first."""

    def __init__(self, status: str, closes_on: date) -> None:
        super().__init__(
            f"ROUND_{status.upper()}",
            f"The round takes applications until the end of {closes_on}; nothing of it is decided before.",
            details={"closes_on": closes_on.isoformat()},
        )


class BudgetOfAnotherYear(NotNow):
    def __init__(self, round_year: int, year: int) -> None:
        super().__init__(
            "BUDGET_OF_ANOTHER_YEAR",
            f"The application was made for money of {round_year}, not of {year}. It gets money of a later year when it was "
            f"put off, or when {round_year} is over.",
            details={"round_year": str(round_year), "year": str(year)},
        )


class RoundDatesWrong(Invalid):
    def __init__(self, field: str, says: str) -> None:
        super().__init__("ROUND_DATES_WRONG", f"{field} {says}.", fields={field: says})


class FundIsRolling(NotNow):
    def __init__(self) -> None:
        super().__init__("FUND_IS_ROLLING", "This fund takes applications at any time; it has no rounds.")


class RoundHasDecided(NotNow):
    def __init__(self, decided: int) -> None:
        super().__init__(
            "ROUND_HAS_DECIDED",
            f"{decided} applications of the round are decided already; conclude it instead.",
            details={"decided": str(decided)},
        )


class MinutesNotApproved(NotNow):
    def __init__(self, sessions: int) -> None:
        super().__init__(
            "MINUTES_NOT_APPROVED",
            f"The minutes of {sessions} sessions that decided on this round are not approved yet. Approve them first.",
            details={"sessions": str(sessions)},
        )


class RoundHasUndecided(NotNow):
    def __init__(self, undecided: int) -> None:
        super().__init__(
            "ROUND_HAS_UNDECIDED",
            f"{undecided} applications of the round are not decided yet. Decide, defer or refuse them first.",
            details={"undecided": str(undecided)},
        )
