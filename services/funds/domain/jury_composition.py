"""How a jury is composed on a day, against what its fund's rules ask for: how many, how many residents, how long, how old."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.funds.domain.fund_rules import FundRules
from services.funds.domain.jury import Jury, JuryMember, Seat
from services.funds.domain.refusals.jury import AgeNotDeclared, JuryComposition, SeatsForResidents, TermTooLong


class Shortfall(StrEnum):
    """What is missing for the jury to decide."""

    MEMBERS = "members"
    RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Composition:
    """Seats of a jury on a day; substitutes fill none. `ending_member_ids` are terms that end within the notice."""

    day: date
    seats: int
    filled: int
    residents: int
    civil_society: int
    substitutes: int
    ending_member_ids: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]

    @property
    def empty(self) -> int:
        return self.seats - self.filled


def composition(jury: Jury, rules: FundRules, day: date) -> Composition:
    seated = [member.seat for member in jury.sitting_on(day)]
    residents, substitutes = seated.count(Seat.RESIDENT), seated.count(Seat.SUBSTITUTE)
    filled = len(seated) - substitutes
    missing = {
        Shortfall.MEMBERS: filled < rules.jury_least,
        Shortfall.RESIDENTS: 100 * residents < rules.resident_share_percent * filled,
    }
    return Composition(
        day=day,
        seats=jury.seats,
        filled=filled,
        residents=residents,
        civil_society=filled - residents,
        substitutes=substitutes,
        ending_member_ids=tuple(m.id for m in jury.sitting_on(day) if notice_day(m, rules.term_notice_days) <= day),
        shortfalls=tuple(shortfall for shortfall, missed in missing.items() if missed),
    )


def require_composed(jury: Jury, rules: FundRules, day: date) -> None:
    """A jury that is not composed as the rules say decides nothing."""
    found = composition(jury, rules, day)
    if found.shortfalls:
        raise JuryComposition(found.filled, found.residents, rules.jury_least, rules.resident_share_percent)


def require_seat(jury: Jury, member: JuryMember, rules: FundRules) -> None:
    """What the rules ask of a member: the age as a declared fact, never a birth date; and the length of the term."""
    if rules.minimum_age and not member.meets_minimum_age:
        raise AgeNotDeclared(rules.minimum_age)
    if rules.term_years and member.until_on > _last_day(member.from_on, rules.term_years):
        raise TermTooLong(rules.term_years)
    if member.seat is Seat.CIVIL_SOCIETY:
        others = jury.seats * (100 - rules.resident_share_percent) // 100
        if jury.most_of_civil_society(member) >= others:
            raise SeatsForResidents(others)


def notice_day(member: JuryMember, notice_days: int) -> date:
    """The day from which it is said that the term ends."""
    return member.until_on - timedelta(days=notice_days)


def _last_day(from_on: date, years: int) -> date:
    """The last day of a term of so many years; one from a 29 February on ends with the February of its last year."""
    year = min(from_on.year + years, date.max.year)
    leap = (from_on.month, from_on.day) == (2, 29)
    return (date(year, 3, 1) if leap else from_on.replace(year=year)) - timedelta(days=1)
