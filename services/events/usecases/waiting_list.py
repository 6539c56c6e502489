"""Passing on free seats to those who wait."""

from chassis.ports import Transaction
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.facts import RegistrationOffered
from services.events.domain.registration import Because
from services.events.domain.seating import offer_free_seats
from services.events.usecases.ports import CalendarEvents, Registrations

OFFER_ENDS = "offer_ends"


class WaitingList:
    def __init__(self, events: CalendarEvents, registrations: Registrations) -> None:
        self._events, self._registrations = events, registrations

    async def pass_on(self, tx: Transaction, event: CalendarEvent, because: Because, *facts: object) -> CalendarEvent:
        """Offer what is free in `event` to who waits, and save the event with its `facts`."""
        waiting = await self._registrations.waiting(event.id, tx) if event.waiting else ()
        event, offered = offer_free_seats(event, waiting, because, tx.at)
        event = await self._events.save(tx, event, *facts)
        for registration in offered:
            await self._registrations.save(tx, registration, RegistrationOffered(registration, event))
            if registration.offer_expires_at is not None:
                tx.set_timer(registration.id, OFFER_ENDS, registration.offer_expires_at)
        return event
