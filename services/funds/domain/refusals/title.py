"""How a budget title says no."""

from chassis.refusals import Exists, Invalid, NotNow


class TitleExceeded(NotNow):
    def __init__(self, left_cents: int) -> None:
        super().__init__(
            "TITLE_EXCEEDED",
            f"The title has {left_cents} cents left in this year. Release less.",
            details={"left_cents": str(left_cents)},
        )


class TitleHasNoSuchYear(NotNow):
    def __init__(self, year: int) -> None:
        super().__init__("TITLE_HAS_NO_SUCH_YEAR", f"The title holds no money in {year}. Plan a title for that year.")


class TitleBelowReleased(NotNow):
    def __init__(self, released_cents: int) -> None:
        super().__init__(
            "TITLE_BELOW_RELEASED",
            f"Budgets have drawn {released_cents} cents of the title in this year. Cut the budgets first.",
            details={"released_cents": str(released_cents)},
        )


class TitleExists(Exists):
    def __init__(self, year: int) -> None:
        super().__init__(
            "TITLE_EXISTS", f"The title of this chapter, number and region is planned for {year} already. Revise it."
        )


class TitleYearsWrong(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "TITLE_YEARS_WRONG",
            "A title is for one year or for two that follow each other.",
            fields={"years": "one year, or two that follow each other, the earlier first"},
        )
