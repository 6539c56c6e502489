"""How a jury says no."""

from chassis.refusals import Invalid, NotFound, NotNow


class JuryFull(NotNow):
    def __init__(self, seats: int) -> None:
        super().__init__(
            "JURY_FULL",
            f"All {seats} seats are filled in this term. End another term first.",
            details={"seats": str(seats)},
        )


class MemberSeatedAlready(NotNow):
    def __init__(self) -> None:
        super().__init__("MEMBER_SEATED_ALREADY", "This person has a seat in this jury in that term already.")


class MemberNotSeated(NotFound):
    def __init__(self) -> None:
        super().__init__("MEMBER_NOT_FOUND", "This jury has no such member.")


class TermWrong(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "TERM_WRONG",
            "A term ends after it begins, and is only ever shortened.",
            fields={"until_on": "is not possible"},
        )


class NoJuryForThis(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_JURY_FOR_FUND", "By its rules no jury decides in this fund.")
