"""Who gets a seat: whatever the order of registering, cancelling, accepting and expiring."""

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from chassis.refusals import Refusal
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.registration import Because, Registration, RegistrationStatus
from services.events.domain.seating import (
    LONGEST_WAITING_LIST,
    accept_offer,
    expire_offer,
    give_back,
    offer_free_seats,
    take_seats,
)
from services.events.domain.terms import EventStatus, RegistrationMode
from tests.support.events import NOW, START, a_calendar_event, a_draft, an_asked, with_seats


def seated(event: CalendarEvent, seats: int = 1, at: datetime = NOW) -> tuple[CalendarEvent, Registration]:
    return take_seats(event, an_asked(event, seats), at)


def test_a_group_is_seated_whole_or_waits() -> None:
    event, couple = seated(with_seats(3), 2)
    event, group = seated(event, 2)
    event, single = seated(event, 1)
    assert [r.status for r in (couple, group, single)] == ["confirmed", "waitlisted", "confirmed"]
    assert (event.seats_confirmed, event.waiting, event.seats_free) == (3, 1, 0)
    assert group.because is Because.NO_SEATS_FREE
    assert group.steps[0].seats_free == 1


def test_where_seats_are_not_counted_everybody_is_confirmed() -> None:
    event, group = seated(with_seats(0), 50)
    assert group.status is RegistrationStatus.CONFIRMED
    assert event.seats_free is None


def test_freed_seats_are_offered_in_order_and_a_group_that_does_not_fit_is_passed_over() -> None:
    event, first = seated(with_seats(2), 2)
    event, group = seated(event, 2)
    event, single = seated(event, 1)
    event = event.count(confirmed=-1)
    event, offered = offer_free_seats(event, (group, single), Because.SEATS_GIVEN_BACK, NOW)
    assert [r.id for r in offered] == [single.id]
    assert offered[0].because is Because.SEATS_GIVEN_BACK
    assert (event.seats_offered, event.waiting) == (1, 1)
    assert first.status is RegistrationStatus.CONFIRMED


def test_an_offer_ends_after_its_hours_but_not_after_the_beginning() -> None:
    assert with_seats(1, offer_hours=48).offer_until(NOW) == NOW + timedelta(hours=48)
    assert with_seats(1).offer_until(START - timedelta(hours=1)) == START


def test_nothing_is_offered_once_it_is_cancelled_or_has_begun() -> None:
    event, _ = seated(with_seats(1))
    event, waiting = seated(event)
    empty = event.count(confirmed=-1)
    assert offer_free_seats(empty, (waiting,), Because.SEATS_GIVEN_BACK, START)[1] == ()
    cancelled = empty.cancel("Regen", NOW, "o")
    assert offer_free_seats(cancelled, (waiting,), Because.SEATS_GIVEN_BACK, NOW)[1] == ()


@pytest.mark.parametrize(
    ("event", "seats", "at", "reason"),
    [
        (a_draft(registration=RegistrationMode.PER_DATE), 1, NOW, "NOT_PUBLISHED"),
        (a_calendar_event(), 1, NOW, "NO_REGISTRATION"),
        (with_seats(5, status=EventStatus.CANCELLED), 1, NOW, "EVENT_CANCELLED"),
        (with_seats(5), 1, START, "REGISTRATION_OVER"),
        (with_seats(5), 6, NOW, "GROUP_TOO_LARGE"),
        (with_seats(1, seats_confirmed=1, waiting=LONGEST_WAITING_LIST), 1, NOW, "WAITING_LIST_FULL"),
    ],
)
def test_registering_is_refused_with_its_reason(event: CalendarEvent, seats: int, at: datetime, reason: str) -> None:
    with pytest.raises(Refusal) as error:
        seated(event, seats, at)
    assert error.value.reason == reason


def an_offered(event: CalendarEvent) -> tuple[CalendarEvent, Registration]:
    event, _ = seated(event)
    event, waiting = seated(event)
    event, offered = offer_free_seats(event.count(confirmed=-1), (waiting,), Because.SEATS_GIVEN_BACK, NOW)
    return event, offered[0]


def test_an_accepted_offer_is_confirmed() -> None:
    event, offered = an_offered(with_seats(1))
    event, accepted = accept_offer(event, offered, NOW + timedelta(hours=47))
    assert accepted.status is RegistrationStatus.CONFIRMED
    assert accepted.offer_expires_at is None
    assert (event.seats_confirmed, event.seats_offered) == (1, 0)


def test_an_offer_is_late_at_its_end_whether_or_not_the_timer_has_fired() -> None:
    event, offered = an_offered(with_seats(1))
    with pytest.raises(Refusal) as error:
        accept_offer(event, offered, NOW + timedelta(hours=48))
    assert error.value.reason == "OFFER_EXPIRED"


@pytest.mark.parametrize("status", [s for s in RegistrationStatus if s is not RegistrationStatus.OFFERED])
def test_only_an_offer_is_accepted_or_expires(status: RegistrationStatus) -> None:
    event = with_seats(5)
    _, confirmed = seated(event)
    registration = Registration(
        id=confirmed.id,
        region=event.region,
        event_id=event.id,
        person_ref="p",
        seats=1,
        registered_at=NOW,
        status=status,
        steps=confirmed.steps,
    )
    for transition in (accept_offer, expire_offer):
        with pytest.raises(Refusal) as error:
            transition(event, registration, NOW)
        assert error.value.reason == "NO_OFFER"


def test_what_is_over_is_not_cancelled_again() -> None:
    event, offered = an_offered(with_seats(1))
    _, expired = expire_offer(event, offered, NOW)
    _, cancelled = give_back(event, offered, Because.BY_REGISTRANT, NOW)
    for over in (expired, cancelled):
        with pytest.raises(Refusal) as error:
            give_back(event, over, Because.BY_REGISTRANT, NOW)
        assert error.value.reason == "REGISTRATION_ENDED"


class Seating(RuleBasedStateMachine):
    """People come, go, accept and do not answer, and the organiser changes the number of seats."""

    everyone = Bundle("everyone")

    @initialize(capacity=st.integers(1, 8))
    def open_registration(self, capacity: int) -> None:
        self.event = with_seats(capacity)
        self.registrations: dict[str, Registration] = {}
        self.at = NOW

    def _waiting(self) -> tuple[Registration, ...]:
        return tuple(r for r in self.registrations.values() if r.status is RegistrationStatus.WAITLISTED)

    def _keep(self, registration: Registration) -> None:
        self.registrations[registration.id] = registration

    def _pass_on(self, because: Because) -> None:
        self.event, offered = offer_free_seats(self.event, self._waiting(), because, self.at)
        for registration in offered:
            self._keep(registration)

    @rule(target=everyone, seats=st.integers(1, 8))
    def register(self, seats: int) -> object:
        if 0 < self.event.capacity < seats:
            with pytest.raises(Refusal):
                seated(self.event, seats, self.at)
            return multiple()
        self.event, registration = seated(self.event, seats, self.at)
        self._keep(registration)
        return registration.id

    @rule(id=everyone)
    def cancel(self, id: str) -> None:
        held = self.registrations[id]
        if held.is_active:
            self.event, cancelled = give_back(self.event, held, Because.BY_REGISTRANT, self.at)
            self._keep(cancelled)
            self._pass_on(Because.SEATS_GIVEN_BACK)

    @rule(id=everyone)
    def accept(self, id: str) -> None:
        if self.registrations[id].status is RegistrationStatus.OFFERED:
            self.event, accepted = accept_offer(self.event, self.registrations[id], self.at)
            self._keep(accepted)

    @rule(id=everyone)
    def expire(self, id: str) -> None:
        if self.registrations[id].status is RegistrationStatus.OFFERED:
            self.event, expired = expire_offer(self.event, self.registrations[id], self.at)
            self._keep(expired)
            self._pass_on(Because.OFFER_NOT_TAKEN)

    @rule(capacity=st.integers(0, 12))
    def change_capacity(self, capacity: int) -> None:
        promised = self.event.seats_confirmed + self.event.seats_offered
        if 0 < capacity < promised:
            with pytest.raises(Refusal):
                self.event.change_capacity(capacity, self.at, "o")
            return
        self.event = self.event.change_capacity(capacity, self.at, "o")
        self._pass_on(Because.CAPACITY_CHANGED)

    @invariant()
    def never_more_seats_promised_than_there_are(self) -> None:
        if self.event.capacity:
            assert self.event.seats_confirmed + self.event.seats_offered <= self.event.capacity

    @invariant()
    def the_counts_are_those_of_the_registrations(self) -> None:
        found = self.registrations.values()
        assert self.event.seats_confirmed == sum(r.seats for r in found if r.status is RegistrationStatus.CONFIRMED)
        assert self.event.seats_offered == sum(r.seats for r in found if r.status is RegistrationStatus.OFFERED)
        assert self.event.waiting == len(self._waiting())

    @invariant()
    def nobody_waits_who_would_fit(self) -> None:
        assert not any(self.event.fits(r.seats) for r in self._waiting())

    @invariant()
    def every_status_has_its_reason(self) -> None:
        assert all(r.steps[-1].status is r.status for r in self.registrations.values())


TestSeating = Seating.TestCase
