"""Who gets a seat: a calendar event's counts and its registrations change together, here and nowhere else.

A group is seated whole or not at all. Who does not fit waits; a freed seat is offered in the order of registering, and a
group that is larger than what is free is passed over until it fits. An offer holds its seats: confirmed + offered never
exceeds the capacity.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.refusals import WaitingListFull
from services.events.domain.registration import Because, Registration, RegistrationStatus, Step

LONGEST_WAITING_LIST = 200


def take_seats(event: CalendarEvent, asked: Registration, at: datetime) -> tuple[CalendarEvent, Registration]:
    """Seat a new registration, or put it on the waiting list."""
    event.require_registration(asked.seats, at)
    if event.fits(asked.seats):
        step = Step(RegistrationStatus.CONFIRMED, Because.SEATS_FREE, at, event.seats_free)
    elif event.waiting >= LONGEST_WAITING_LIST:
        raise WaitingListFull(event.waiting)
    else:
        step = Step(RegistrationStatus.WAITLISTED, Because.NO_SEATS_FREE, at, event.seats_free)
    registration = replace(asked, status=step.status, steps=(step,))
    return _count(event, registration, 1), registration


def accept_offer(event: CalendarEvent, offered: Registration, at: datetime) -> tuple[CalendarEvent, Registration]:
    event.require_before_start(at)
    accepted = offered.accept(Step(RegistrationStatus.CONFIRMED, Because.OFFER_ACCEPTED, at, event.seats_free))
    return _exchange(event, offered, accepted), accepted


def expire_offer(event: CalendarEvent, offered: Registration, at: datetime) -> tuple[CalendarEvent, Registration]:
    expired = offered.expire(Step(RegistrationStatus.EXPIRED, Because.OFFER_RAN_OUT, at, event.seats_free))
    return _exchange(event, offered, expired), expired


def give_back(
    event: CalendarEvent, held: Registration, because: Because, at: datetime
) -> tuple[CalendarEvent, Registration]:
    """Cancel a registration, whether it had seats, an offer, or waited."""
    cancelled = held.cancel(Step(RegistrationStatus.CANCELLED, because, at, event.seats_free))
    return _exchange(event, held, cancelled), cancelled


def offer_free_seats(
    event: CalendarEvent, waiting: Iterable[Registration], because: Because, at: datetime
) -> tuple[CalendarEvent, tuple[Registration, ...]]:
    """Offer what is free to those who wait, first come first; nothing once the event is cancelled or has begun."""
    offered: list[Registration] = []
    if event.is_cancelled or at >= event.starts_at:
        return event, ()
    for registration in waiting:
        if event.fits(registration.seats):
            step = Step(RegistrationStatus.OFFERED, because, at, event.seats_free)
            offer = registration.offer(event.offer_until(at), step)
            event = _exchange(event, registration, offer)
            offered.append(offer)
    return event, tuple(offered)


def _exchange(event: CalendarEvent, before: Registration, after: Registration) -> CalendarEvent:
    return _count(_count(event, before, -1), after, 1)


def _count(event: CalendarEvent, registration: Registration, sign: int) -> CalendarEvent:
    match registration.status:
        case RegistrationStatus.CONFIRMED:
            return event.count(confirmed=sign * registration.seats)
        case RegistrationStatus.OFFERED:
            return event.count(offered=sign * registration.seats)
        case RegistrationStatus.WAITLISTED:
            return event.count(waiting=sign)
        case _:
            return event
