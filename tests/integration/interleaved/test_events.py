"""Seats: never more than there are, with two commands interleaved at every step on two replicas."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.component.events.conftest import PUBLIC_URL
from tests.support.city import City
from tests.support.events import COORDINATOR, publish_event, register
from tests.support.interleaving import Command, Replicas, at_every_step, replicas

pytestmark = pytest.mark.timeout(180)
CONFIRMED, OFFERED = 1, 3


@pytest_asyncio.fixture(scope="module")
async def both(city: City) -> AsyncIterator[Replicas]:
    async with replicas(city, "events", public_url=PUBLIC_URL) as running:
        yield running


async def _an_event(both: Replicas, capacity: int) -> Any:
    start = (await both.one.now()).replace(microsecond=0) + timedelta(days=30)
    return await publish_event(both.one, start, registration="REGISTRATION_MODE_PER_DATE", capacity=capacity)


async def _counts(both: Replicas, event_id: str) -> tuple[int, int, int]:
    """Seats promised to people as their registrations say, seats free, and capacity as the event says."""
    request = {"event_id": event_id, "page_size": 50}
    page = await both.one.call("RegistrationService/ListRegistrations", request, COORDINATOR)
    promised = sum(r.registration.seats for r in page.registrants if r.registration.status in {CONFIRMED, OFFERED})
    event = (await both.two.call("CalendarEventService/GetCalendarEvent", {"event_id": event_id})).calendar_event
    return promised, event.seats_free, event.capacity


async def test_the_last_seat_is_given_once(both: Replicas) -> None:
    ids: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        ids[:] = [(await _an_event(both, 1)).id]
        id = ids[0]
        return lambda: register(both.one, id), lambda: register(both.two, id)

    async for outcome in at_every_step(prepare):
        given = sorted(answer.registration.status == CONFIRMED for answer in (outcome.first, outcome.second))
        assert given == [False, True]
        assert await _counts(both, ids[0]) == (1, 0, 1)


async def test_a_smaller_room_never_holds_more_than_it_has(both: Replicas) -> None:
    ids: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        ids[:] = [(await _an_event(both, 2)).id]
        id = ids[0]
        await register(both.one, id)
        smaller = {"event_id": id, "capacity": 1}
        return (
            lambda: register(both.one, id),
            lambda: both.two.call("CalendarEventService/ChangeCapacity", smaller, COORDINATOR),
        )

    async for outcome in at_every_step(prepare):
        promised, free, capacity = await _counts(both, ids[0])
        assert free == max(0, capacity - promised)
        assert promised <= capacity or "CAPACITY" in "".join(outcome.reasons), outcome


async def test_a_seat_that_comes_free_goes_to_one(both: Replicas) -> None:
    ids: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        ids[:] = [(await _an_event(both, 1)).id]
        id = ids[0]
        seated = (await register(both.one, id)).registration.id
        await register(both.one, id)
        leaving = {"registration_id": seated}
        return (
            lambda: both.one.call("RegistrationService/CancelRegistration", leaving, COORDINATOR),
            lambda: register(both.two, id),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 2
        promised, free, _ = await _counts(both, ids[0])
        assert (promised, free) == (1, 0)
