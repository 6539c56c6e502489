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


class NotSitting(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "MEMBER_NOT_SITTING", "The term of this member does not hold today, or did not when the session began."
        )


class SeatIsInUse(NotNow):
    """Whoever may have voted would be gone, and could be seated and vote again."""

    def __init__(self) -> None:
        super().__init__(
            "SEAT_IS_IN_USE",
            "A session of this jury is under way: until its minutes are approved a term ends today at the earliest.",
        )


class TermWrong(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "TERM_WRONG",
            "A term ends after it begins, and is only ever shortened.",
            fields={"until_on": "is not possible"},
        )


class TermTooLong(Invalid):
    def __init__(self, years: int) -> None:
        super().__init__(
            "TERM_TOO_LONG",
            f"By the rules of the fund a term lasts at most {years} years.",
            fields={"until_on": f"must be at most {years} years after from_on"},
        )


class AgeNotDeclared(Invalid):
    def __init__(self, minimum_age: int) -> None:
        super().__init__(
            "AGE_NOT_DECLARED",
            f"By the rules of the fund a member is at least {minimum_age} years old; have it declared.",
            fields={"meets_minimum_age": "must be declared"},
        )


class SeatsNotByRules(Invalid):
    def __init__(self, least: int, most: int) -> None:
        super().__init__(
            "SEATS_NOT_BY_RULES",
            f"By the rules of the fund a jury has at most {most} seats, and decides with {least} at the least.",
            fields={"seats": f"must be from {max(least, 1)} to {most}"},
        )


class SeatsForResidents(NotNow):
    def __init__(self, others: int) -> None:
        super().__init__(
            "SEATS_FOR_RESIDENTS",
            f"By the rules of the fund at most {others} seats go to civil society; the others are for residents.",
            details={"civil_society_seats": str(others)},
        )


class JuryComposition(NotNow):
    def __init__(self, filled: int, residents: int, least: int, share_percent: int) -> None:
        super().__init__(
            "JURY_COMPOSITION",
            f"{filled} members sit today, {residents} of them residents; the rules of the fund ask for at least {least} "
            f"members and {share_percent} percent residents. Seat more first.",
            details={"filled": str(filled), "residents": str(residents), "least": str(least)},
        )


class NoJuryForThis(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_JURY_FOR_FUND", "By its rules no jury decides in this fund.")
