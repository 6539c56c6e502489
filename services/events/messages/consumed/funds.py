"""What events hears of funds: rounds, for their deadlines, and jury sessions."""

from datetime import date, datetime

from chassis.envelope import Heard, Part


class RoundState(Part):
    """Applications are taken to the end of the day `closes_on`."""

    id: str
    region: str
    fund_name: str
    name: str
    closes_on: date
    status: str


class RoundPlanned(Heard, type="kiezwerk.funds.v1.round_planned"):
    state: RoundState


class RoundRescheduled(Heard, type="kiezwerk.funds.v1.round_rescheduled"):
    state: RoundState


class RoundOpened(Heard, type="kiezwerk.funds.v1.round_opened"):
    state: RoundState


class RoundClosed(Heard, type="kiezwerk.funds.v1.round_closed"):
    state: RoundState


class RoundCancelled(Heard, type="kiezwerk.funds.v1.round_cancelled"):
    state: RoundState


class SessionState(Part):
    """`place` is one line, empty when it is not known yet."""

    id: str
    region: str
    fund_name: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str


class SessionPlanned(Heard, type="kiezwerk.funds.v1.session_planned"):
    state: SessionState


class SessionMoved(Heard, type="kiezwerk.funds.v1.session_moved"):
    state: SessionState


class SessionCancelled(Heard, type="kiezwerk.funds.v1.session_cancelled"):
    state: SessionState
