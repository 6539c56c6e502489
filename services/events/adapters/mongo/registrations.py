"""Registrations in their collection; one that is not over for each person and calendar event."""

from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from services.events.domain.registration import Registration, RegistrationStatus
from services.events.domain.seating import LONGEST_WAITING_LIST


def _derive(registration: Registration) -> dict[str, Any]:
    active = registration.is_active
    return {
        "active_of": registration.event_id if active else "",
        "place_in_event": f"{registration.event_id}/{registration.person_ref}" if active else registration.id,
    }


class MongoRegistrations(StoredAggregates[Registration]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "registrations",
            Registration,
            noun="registration",
            derive=_derive,
            indexes=(
                Index("event_id"),
                Index("active_of", "status"),
                Index("person_ref"),
                Index("place_in_event", unique=True, reason="ALREADY_REGISTERED"),
            ),
        )

    async def of_event(self, event_id: str, request: PageRequest) -> Page[Registration]:
        return await self.page({"event_id": event_id}, request)

    async def holding(self, event_id: str, person_ref: str, tx: Transaction) -> Registration | None:
        return await self.one({"place_in_event": f"{event_id}/{person_ref}"}, tx)

    async def latest_of(self, person_ref: str) -> Registration | None:
        # Ids sort by time.
        return max(await self.where({"person_ref": person_ref}), key=lambda one: one.id, default=None)

    async def waiting(self, event_id: str, tx: Transaction) -> tuple[Registration, ...]:
        # Ids are in the order of registering: they are made while queueing for the calendar event.
        waiting = {"active_of": event_id, "status": RegistrationStatus.WAITLISTED}
        return await self.where(waiting, tx, LONGEST_WAITING_LIST)

    async def active(self, event_id: str, limit: int, tx: Transaction) -> tuple[Registration, ...]:
        return await self.where({"active_of": event_id}, tx, limit)
