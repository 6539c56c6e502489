"""A jury (Bürgerjury): the people who decide on the money of one fund in one region."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.funds.domain.refusals.jury import JuryFull, MemberNotSeated, MemberSeatedAlready, TermWrong

MOST_TERMS = 500


class Seat(StrEnum):
    """A substitute sits for a member who is not there, and fills no seat of their own."""

    RESIDENT = "resident"
    CIVIL_SOCIETY = "civil_society"
    SUBSTITUTE = "substitute"


@dataclass(frozen=True, slots=True)
class JuryMember:
    """`affiliations` are the actors that the member belongs to; the term's last day is included.

    `sub` is who votes with a token and may be empty for a member whose votes the chair enters. `meets_minimum_age` is what
    the member declared; `ending_said` that the end of the term was.
    """

    id: str
    person_ref: str
    sub: str
    seat: Seat
    is_chair: bool
    affiliations: tuple[str, ...]
    from_on: date
    until_on: date
    ended_reason: str = ""
    meets_minimum_age: bool = False
    ending_said: bool = False

    def sits_on(self, *days: date) -> bool:
        return all(self.from_on <= day <= self.until_on for day in days)


@dataclass(frozen=True, slots=True)
class Jury:
    id: str
    region: str
    fund_id: str
    fund_name: str
    name: str
    seats: int
    members: tuple[JuryMember, ...] = ()
    version: int = 0

    def seat(self, member: JuryMember) -> "Jury":
        """Give a seat for a term; nobody sits twice at once, and no more than there are seats."""
        if member.until_on < member.from_on:
            raise TermWrong
        if any(self._overlap(member, other) and _same_person(member, other) for other in self.members):
            raise MemberSeatedAlready
        if len(self.members) >= MOST_TERMS:
            raise JuryFull(MOST_TERMS)
        if member.seat is not Seat.SUBSTITUTE and self._filled_meanwhile(member) >= self.seats:
            raise JuryFull(self.seats)
        return replace(self, members=(*self.members, member))

    def unseat(self, member_id: str, last_day: date, reason: str) -> "Jury":
        """End a term early; a term that would end before it began goes altogether."""
        member = self.member(member_id)
        if last_day > member.until_on:
            raise TermWrong
        others = tuple(m for m in self.members if m.id != member_id)
        if last_day < member.from_on:
            return replace(self, members=others)
        return replace(self, members=(*others, replace(member, until_on=last_day, ended_reason=reason)))

    def affiliate(self, member_id: str, affiliations: tuple[str, ...]) -> "Jury":
        """What the member belongs to from now on."""
        changed = replace(self.member(member_id), affiliations=affiliations)
        return replace(self, members=tuple(changed if m.id == member_id else m for m in self.members))

    def member(self, member_id: str) -> JuryMember:
        found = next((m for m in self.members if m.id == member_id), None)
        if found is None:
            raise MemberNotSeated
        return found

    def member_with_sub(self, sub: str, day: date) -> JuryMember | None:
        return next((m for m in self.sitting_on(day) if sub and m.sub == sub), None)

    def sitting_on(self, *days: date) -> tuple[JuryMember, ...]:
        return tuple(m for m in self.members if m.sits_on(*days))

    def seats_filled_on(self, day: date) -> int:
        return sum(m.seat is not Seat.SUBSTITUTE for m in self.sitting_on(day))

    def say_ending(self, ending: tuple[JuryMember, ...]) -> "Jury":
        """Remember of whose term it was said that it ends."""
        told = {member.id for member in ending}
        return replace(self, members=tuple(replace(m, ending_said=m.ending_said or m.id in told) for m in self.members))

    def ends_unsaid_on(self, day: date) -> tuple[JuryMember, ...]:
        """The terms that still run on this day, or begin later, and of which nobody was told that they end."""
        return tuple(m for m in self.members if m.until_on >= day and not m.ending_said and not m.ended_reason)

    def most_of_civil_society(self, member: JuryMember) -> int:
        """The most seats of civil society that are filled on any day of the member's term."""
        return self._most_at_once(member, (Seat.CIVIL_SOCIETY,))

    def _filled_meanwhile(self, member: JuryMember) -> int:
        return self._most_at_once(member, (Seat.RESIDENT, Seat.CIVIL_SOCIETY))

    def _most_at_once(self, member: JuryMember, seats: tuple[Seat, ...]) -> int:
        """The most of these on any day of the member's term: it changes only where a term begins."""
        counted = [m for m in self.members if m.seat in seats and self._overlap(m, member)]
        days = [max(m.from_on, member.from_on) for m in counted]
        return max((sum(m.sits_on(day) for m in counted) for day in days), default=0)

    @staticmethod
    def _overlap(one: JuryMember, other: JuryMember) -> bool:
        return one.from_on <= other.until_on and other.from_on <= one.until_on


def _same_person(one: JuryMember, other: JuryMember) -> bool:
    return one.person_ref == other.person_ref or (bool(one.sub) and one.sub == other.sub)
