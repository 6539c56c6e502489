"""What is said of juries: who sits in one is known by name only with consent, so the four services alone hear it."""

from datetime import date

from chassis.envelope import Body, Published


class JuryState(Body):
    id: str
    region: str
    fund_id: str
    fund_name: str
    name: str


class JuryMemberSeated(Published, audience="int", why="Who sits in a jury is published only with consent."):
    """A member's term begins on `from_on` and ends with `until_on`; seat is resident, civil_society or substitute."""

    state: JuryState
    member_id: str
    person_ref: str
    seat: str
    is_chair: bool
    from_on: date
    until_on: date


class JuryTermEnding(Published, audience="int", why="Who sits in a jury is published only with consent."):
    """A member's term ends with `until_on`, some time before as the fund's rules say; `empty_seats` are empty after it."""

    state: JuryState
    member_id: str
    person_ref: str
    seat: str
    until_on: date
    empty_seats: int
