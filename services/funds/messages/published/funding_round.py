"""What funds says of funding rounds."""

from datetime import date, datetime

from chassis.envelope import Body, Published

WHY = "Whoever wants to apply must know from when to when."


class RoundState(Body):
    """Applications count from `opens_at` to before `closes_at`, which is 24:00 in Berlin of the day `closes_on`."""

    id: str
    region: str
    fund_id: str
    fund_name: str
    budget_id: str
    year: int
    name: str
    opens_on: date
    closes_on: date
    opens_at: datetime
    closes_at: datetime
    session_at: datetime | None
    status: str
    rules_version: int


class RoundPlanned(Published, audience="pub", why=WHY):
    """A round has its days."""

    state: RoundState


class RoundRescheduled(Published, audience="pub", why=WHY):
    """The round's days, or the day of its decision, moved."""

    state: RoundState


class RoundOpened(Published, audience="pub", why=WHY):
    """Applications are taken from now on, or again: then `reason` says why."""

    state: RoundState
    reason: str


class RoundClosed(Published, audience="pub", why=WHY):
    """No more applications; those that came are looked at."""

    state: RoundState


class RoundDecided(Published, audience="pub", why=WHY):
    """Every application of the round has its decision."""

    state: RoundState


class RoundPublished(Published, audience="pub", why=WHY):
    """The round's result is public."""

    state: RoundState


class RoundCancelled(Published, audience="pub", why=WHY):
    """The round does not take place, for this reason."""

    state: RoundState
    reason: str
