"""What events says of registrations: to the four services alone, without a name, an address or a secret link."""

from datetime import datetime

from chassis.envelope import Body, Published
from services.events.messages.published.calendar_event import PlaceState

TOUCHES_A_PERSON = "Who goes where touches a person."


class RegistrationState(Body):
    """A registration after the change.

    status: confirmed, waitlisted, offered, expired, cancelled. because: why it got there: seats_free, no_seats_free,
    seats_given_back, offer_not_taken, capacity_changed, offer_accepted, offer_ran_out, by_registrant, by_organiser,
    event_cancelled. offer_expires_at: only when offered.
    """

    id: str
    region: str
    event_id: str
    person_ref: str
    seats: int
    status: str
    because: str
    registered_at: datetime
    offer_expires_at: datetime | None


class EventBrief(Body):
    """The calendar event as a registered person needs it; times are UTC, people read them in `time_zone`."""

    id: str
    uid: str
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    all_day: bool
    place: PlaceState | None
    organiser_name: str
    status: str
    sequence: int
    url: str


class RegistrationConfirmed(Published, audience="int", why=TOUCHES_A_PERSON):
    """The seats are theirs: at once, or after an accepted offer."""

    state: RegistrationState
    calendar_event: EventBrief


class RegistrationWaitlisted(Published, audience="int", why=TOUCHES_A_PERSON):
    """Not enough seats together; they wait in order."""

    state: RegistrationState
    calendar_event: EventBrief


class RegistrationRepeated(Published, audience="int", why=TOUCHES_A_PERSON):
    """Somebody without a token asked for the same once more; nothing changed. At most once a day."""

    state: RegistrationState
    calendar_event: EventBrief


class RegistrationOffered(Published, audience="int", why=TOUCHES_A_PERSON):
    """Seats are kept for them until state.offer_expires_at; they have to accept."""

    state: RegistrationState
    calendar_event: EventBrief


class RegistrationExpired(Published, audience="int", why=TOUCHES_A_PERSON):
    """The offer was not accepted in time; the seats went on to the next in line."""

    state: RegistrationState
    calendar_event: EventBrief


class RegistrationCancelled(Published, audience="int", why=TOUCHES_A_PERSON):
    """Cancelled by themselves, by the organiser, or with the whole calendar event (state.because)."""

    state: RegistrationState
    calendar_event: EventBrief
