"""What events says of calendar events: public where the calendar event is."""

from datetime import datetime

from chassis.envelope import Audience, Body, Published

PUBLIC_CALENDAR = (
    "The calendar of the neighbourhood is public; what is for members or internal is said to the four services alone."
)


class PointState(Body):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class PlaceState(Body):
    name: str
    street: str
    postal_code: str
    city: str
    point: PointState | None
    accessibility: tuple[str, ...]
    accessibility_note: str
    address: str


class OnlineState(Body):
    """The address for everybody; access data is in no message."""

    url: str


class SourceState(Body):
    """What an entry was made from by itself, as "funds", "jury_session" and its id."""

    service: str
    kind: str
    id: str


class CalendarEventState(Body):
    """A calendar event after the change. Times are UTC; `time_zone` says in which zone people read them.

    kind: conference, expert_day, festival, talk, round_table, walk, jury_session, committee_meeting, office_hours, course,
    deadline, other. status: tentative, confirmed, cancelled. visibility: public, members, internal.
    registration: none, per_date. capacity: seats, 0 when they are not counted. When all_day, ends_at is the midnight
    after the last day.
    """

    id: str
    region: str
    uid: str
    kind: str
    title: str
    description: str
    organiser_id: str
    organiser_name: str
    co_organiser_ids: tuple[str, ...]
    place: PlaceState | None
    online: OnlineState | None
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    all_day: bool
    status: str
    visibility: str
    registration: str
    capacity: int
    cost: str
    target_groups: tuple[str, ...]
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    url: str
    grant_id: str
    source: SourceState | None
    sequence: int
    cancel_reason: str
    completed_at: datetime | None


class EventPublished(Published, audience="pub", why=PUBLIC_CALENDAR):
    """A calendar event was published, by its organiser or by itself from a source."""

    state: CalendarEventState

    def audience_now(self) -> Audience:
        return _audience(self.state)


class EventUpdated(Published, audience="pub", why=PUBLIC_CALENDAR):
    """A published calendar event changed in other fields than its time and place; `changed` names them."""

    state: CalendarEventState
    changed: tuple[str, ...]

    def audience_now(self) -> Audience:
        return _audience(self.state)


class EventMoved(Published, audience="pub", why=PUBLIC_CALENDAR):
    """A published calendar event got another time or place; when it was to be before stands beside."""

    state: CalendarEventState
    previous_starts_at: datetime
    previous_ends_at: datetime
    place_changed: bool

    def audience_now(self) -> Audience:
        return _audience(self.state)


class EventCancelled(Published, audience="pub", why=PUBLIC_CALENDAR):
    """A published calendar event was called off, with the reason that its organiser gave."""

    state: CalendarEventState
    reason: str

    def audience_now(self) -> Audience:
        return _audience(self.state)


class EventCompleted(Published, audience="pub", why=PUBLIC_CALENDAR):
    """A calendar event that was not cancelled has ended, by the clock."""

    state: CalendarEventState

    def audience_now(self) -> Audience:
        return _audience(self.state)


def _audience(state: CalendarEventState) -> Audience:
    return "pub" if state.visibility == "public" else "int"
