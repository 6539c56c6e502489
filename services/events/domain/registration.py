"""A registration (Anmeldung): some seats for one person or group at one calendar event, and how it came to where it is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.events.domain.refusals import NoOffer, OfferExpired, RegistrationEnded


class RegistrationStatus(StrEnum):
    """waitlisted → offered → confirmed | expired; everything that is not over may be cancelled."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Because(StrEnum):
    """Why a registration got its status: on record, so that nobody has to guess why someone else came first."""

    SEATS_FREE = "seats_free"
    NO_SEATS_FREE = "no_seats_free"
    SEATS_GIVEN_BACK = "seats_given_back"
    OFFER_NOT_TAKEN = "offer_not_taken"
    CAPACITY_CHANGED = "capacity_changed"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_RAN_OUT = "offer_ran_out"
    BY_REGISTRANT = "by_registrant"
    BY_ORGANISER = "by_organiser"
    EVENT_CANCELLED = "event_cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of status; `seats_free` is what was free just before it (None: not counted)."""

    status: RegistrationStatus
    because: Because
    at: datetime
    seats_free: int | None


@dataclass(frozen=True, slots=True)
class Registration:
    id: str
    region: str  # the calendar event's
    event_id: str
    person_ref: str
    seats: int
    registered_at: datetime
    status: RegistrationStatus
    steps: tuple[Step, ...] = ()
    offer_expires_at: datetime | None = None  # only while offered
    registered_by: str = ""  # the `sub` that registered, empty without a token
    repeated_at: datetime | None = None  # when its person was last told that somebody asked for it again
    version: int = 0

    @property
    def because(self) -> Because:
        return self.steps[-1].because

    @property
    def is_active(self) -> bool:
        return self.status not in (RegistrationStatus.EXPIRED, RegistrationStatus.CANCELLED)

    def offer(self, until: datetime, step: Step) -> "Registration":
        return replace(self._stepped(step), offer_expires_at=until)

    def accept(self, step: Step) -> "Registration":
        if self.status is not RegistrationStatus.OFFERED or self.offer_expires_at is None:
            raise NoOffer(self.status)
        if step.at >= self.offer_expires_at:
            raise OfferExpired
        return self._stepped(step)

    def expire(self, step: Step) -> "Registration":
        if self.status is not RegistrationStatus.OFFERED:
            raise NoOffer(self.status)
        return self._stepped(step)

    def cancel(self, step: Step) -> "Registration":
        if not self.is_active:
            raise RegistrationEnded(self.status)
        return self._stepped(step)

    def repeat(self, at: datetime) -> "Registration":
        """Somebody who may be anyone asked for it again; its person is told once a day."""
        return self if self._was_told_today(at) else replace(self, repeated_at=at)

    def _was_told_today(self, at: datetime) -> bool:
        return self.repeated_at is not None and at - self.repeated_at < timedelta(days=1)

    def _stepped(self, step: Step) -> "Registration":
        return replace(self, status=step.status, steps=(*self.steps, step), offer_expires_at=None)
