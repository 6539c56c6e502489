"""Pages of lists at three sizes, against the same query by the bare driver; the documents that a page touches stay flat."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bench.measure import Row, in_turns
from bench.rig import Sizes
from chassis.ports import Caller, PageRequest, new_id
from chassis.store import Store
from services.actors.adapters.mongo.actor import MongoActors
from services.actors.usecases.directory import DirectoryUseCases, ListActors
from services.events.adapters.mongo.calendar_events import MongoCalendarEvents
from services.events.domain.terms import EventVisibility
from services.events.usecases.ports import CalendarFilter
from tests.support.actors import an_actor
from tests.support.city import City
from tests.support.events import NOW, a_calendar_event

AT_ONCE = 1_000
PAGE = 50
REGIONS = ("114009", "12345678", "01100101", "11400923", "07702001")
HERE = "11"
Ask = Callable[[], Awaitable[Any]]


async def rows(city: City, sizes: Sizes) -> list[Row]:
    found = []
    for size in sizes.lists:
        store = Store(city.store_uri, f"lists_{size}")
        actors, events = MongoActors(store, lambda email: email), MongoCalendarEvents(store)
        await store.open()
        await _fill(store, "actors", partial(_actor_row, actors), size)
        await _fill(store, "calendar_events", partial(_event_row, events), size)
        found.append(await _measured(f"list page of {size:,} actors", sizes, *_actors(store, actors)))
        found.append(await _measured(f"calendar page of {size:,}", sizes, *_events(store, events)))
        await store.close()
    return found


def _actors(store: Store, actors: MongoActors) -> tuple[Ask, Ask]:
    do = DirectoryUseCases(actors)
    query = {"regions": HERE, "status": "active", "is_public": True}
    return (
        lambda: do.list_actors(ListActors(region=HERE, page_size=PAGE), Caller()),
        lambda: store.rows("actors").find(query).sort("_id", 1).limit(PAGE + 1).to_list(PAGE + 1),
    )


def _events(store: Store, events: MongoCalendarEvents) -> tuple[Ask, Ask]:
    wanted = CalendarFilter(HERE, (EventVisibility.PUBLIC,), ends_after=NOW)
    query = {
        "regions": HERE, "visibility": {"$in": ["public"]}, "is_published": True, "ends_key": {"$gt": f"{NOW:%Y-%m-%dT%H:%M:%S}"},
    }  # fmt: skip
    return (
        lambda: events.matching(wanted, PageRequest(PAGE)),
        lambda: store.rows("calendar_events").find(query).sort("starts_key", 1).limit(PAGE + 1).to_list(PAGE + 1),
    )


async def _measured(name: str, sizes: Sizes, product: Ask, raw: Ask) -> Row:
    def timed(ask: Ask) -> Callable[[], Awaitable[float]]:
        async def measure() -> float:
            count = max(sizes.calls // 30, 3)
            began = time.perf_counter()
            for _ in range(count):
                await ask()
            return count / (time.perf_counter() - began)

        return measure

    return Row(name, "pages/s", *await in_turns(timed(product), timed(raw), sizes.rounds), goal=0.7)


async def _fill(store: Store, name: str, make: Callable[[int], dict[str, Any]], size: int) -> None:
    for first in range(0, size, AT_ONCE):
        some = [make(number) | {"_seq": 0} for number in range(first, min(first + AT_ONCE, size))]
        await store.rows(name).insert_many(some)
        await asyncio.sleep(0)


def _actor_row(actors: MongoActors, number: int) -> dict[str, Any]:
    return actors._to_document(an_actor(region=REGIONS[number % len(REGIONS)], name=f"Verein {number}"))


def _event_row(events: MongoCalendarEvents, number: int) -> dict[str, Any]:
    region, title = REGIONS[number % len(REGIONS)], f"Fest {number}"
    return events._to_document(a_calendar_event(region=region, title=title, organiser_id=new_id()))
