"""Whom a registration is for."""

from chassis.ports import Transaction
from services.events.domain.person import Person
from services.events.domain.registration import Registration
from services.events.usecases.ports import Persons


async def person_of(persons: Persons, registration: Registration, tx: Transaction | None = None) -> Person | None:
    """None when they were erased. Registrations of before shared one row for each address."""
    return await persons.find(registration.id, tx) or await persons.find(registration.person_ref, tx)
