"""What happened to a jury."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.funds.domain.jury import Jury, JuryMember, Seat


@dataclass(frozen=True, slots=True)
class JuryMemberSeated:
    state: Jury
    member: JuryMember

    @property
    def member_id(self) -> str:
        return self.member.id

    @property
    def person_ref(self) -> str:
        return self.member.person_ref

    @property
    def seat(self) -> Seat:
        return self.member.seat

    @property
    def is_chair(self) -> bool:
        return self.member.is_chair

    @property
    def from_on(self) -> date:
        return self.member.from_on

    @property
    def until_on(self) -> date:
        return self.member.until_on


@dataclass(frozen=True, slots=True)
class JuryTermEnding:
    state: Jury
    member: JuryMember

    @property
    def member_id(self) -> str:
        return self.member.id

    @property
    def person_ref(self) -> str:
        return self.member.person_ref

    @property
    def seat(self) -> Seat:
        return self.member.seat

    @property
    def until_on(self) -> date:
        return self.member.until_on

    @property
    def empty_seats(self) -> int:
        """How many are empty on the day after, as it stands now."""
        return self.state.seats - self.state.seats_filled_on(self.member.until_on + timedelta(days=1))
