"""Entries that the calendar makes by itself from what funds says: one for each source, and in step with it."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.events import COORDINATOR


def a_round(**fields: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "region": "114009",
        "fund_name": "Kiezfonds Lichtenberg",
        "name": "Frühjahr 2097",
        "closes_on": "2097-01-22",
        "closes_at": "2097-01-22T23:00:00Z",
        "status": "planned",
    } | fields


def a_session(**fields: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "region": "114009",
        "fund_name": "Kiezfonds Lichtenberg",
        "title": "Jurysitzung Frühjahr",
        "starts_at": "2097-02-10T17:00:00Z",
        "ends_at": "2097-02-10T19:00:00Z",
        "place": "Rathaus Lichtenberg",
        "status": "planned",
    } | fields


async def entries(events: Started, source_id: str) -> list[Any]:
    page = await events.call("CalendarEventService/ListCalendarEvents", {"region": "114009", "page_size": 500})
    return [event for event in page.calendar_events if event.source.id == source_id]


async def hear(events: Started, fact: str, state: dict[str, Any]) -> None:
    await events.knows(*await events.city.say("funds", fact, state))


async def test_a_rounds_deadline_is_the_whole_of_its_last_day(events: Started) -> None:
    planned = a_round()
    await hear(events, "round_planned", planned)
    (entry,) = await entries(events, planned["id"])
    assert (entry.title, entry.all_day) == ("Antragsschluss Kiezfonds Lichtenberg", True)
    assert entry.starts_at.ToJsonString() == "2097-01-21T23:00:00Z"
    assert entry.ends_at.ToJsonString() == "2097-01-22T23:00:00Z"


async def test_a_moved_deadline_moves_its_entry_and_raises_the_sequence(events: Started) -> None:
    planned = a_round()
    await hear(events, "round_planned", planned)
    await hear(events, "round_opened", planned | {"status": "open"})
    (before,) = await entries(events, planned["id"])
    await hear(events, "round_rescheduled", planned | {"status": "open", "closes_on": "2097-01-29"})
    (after,) = await entries(events, planned["id"])
    assert (before.sequence, after.sequence) == (0, 1)
    assert (after.id, after.uid) == (before.id, before.uid)
    assert after.ends_at.ToDatetime() - before.ends_at.ToDatetime() == timedelta(days=7)
    assert [s.fact for s in await events.said(after.id)] == ["event_published", "event_moved"]


async def test_a_session_is_entered_moved_and_cancelled(events: Started) -> None:
    planned = a_session()
    await hear(events, "session_planned", planned)
    moved = planned | {"starts_at": "2097-02-12T17:00:00Z", "ends_at": "2097-02-12T19:00:00Z", "place": "Bürgertreff"}
    await hear(events, "session_moved", moved)
    (entry,) = await entries(events, planned["id"])
    assert (entry.place.name, entry.kind, entry.sequence) == ("Bürgertreff", 7, 1)
    await hear(events, "session_cancelled", moved | {"status": "cancelled"})
    (entry,) = await entries(events, planned["id"])
    assert (entry.status, entry.sequence) == (3, 2)
    facts = [s.fact for s in await events.said(entry.id)]
    assert facts == ["event_published", "event_moved", "event_cancelled"]


async def test_a_message_that_comes_again_makes_no_second_entry_and_moves_nothing_back(events: Started) -> None:
    planned = a_session()
    first = {"state": planned}
    city, id = events.city, planned["id"]
    again = await city.say_raw("funds", "session_planned", id, 1, first, region="114009")
    moved = {"state": planned | {"starts_at": "2097-02-12T17:00:00Z", "ends_at": "2097-02-12T19:00:00Z"}}
    await city.say_raw("funds", "session_moved", id, 2, moved, region="114009")
    await city.say_raw("funds", "session_planned", id, 1, first, region="114009", id=again)
    # Streams are heard in order: once this one is known, so are all before it.
    await hear(events, "session_planned", a_session())
    (entry,) = await entries(events, id)
    assert entry.starts_at.ToJsonString() == "2097-02-12T17:00:00Z"
    assert [s.fact for s in await events.said(entry.id)] == ["event_published", "event_moved"]


async def test_a_source_that_was_cancelled_before_it_was_heard_of_gets_no_entry(events: Started) -> None:
    gone = a_session(status="cancelled")
    await hear(events, "session_cancelled", gone)
    assert await entries(events, gone["id"]) == []


@pytest.mark.parametrize("rpc", ["MoveCalendarEvent", "CancelCalendarEvent", "UpdateCalendarEvent"])
async def test_an_entry_that_follows_a_source_is_not_changed_by_hand(events: Started, rpc: str) -> None:
    planned = a_session()
    await hear(events, "session_planned", planned)
    (entry,) = await entries(events, planned["id"])
    wanted = {
        "MoveCalendarEvent": {"starts_at": "2097-02-13T17:00:00Z", "ends_at": "2097-02-13T19:00:00Z"},
        "CancelCalendarEvent": {"reason": "Sturm"},
        "UpdateCalendarEvent": {"kind": "EVENT_KIND_TALK", "title": "Vortrag"},
    }
    with refused("FOLLOWS_SOURCE", "FAILED_PRECONDITION"):
        await events.call(f"CalendarEventService/{rpc}", {"event_id": entry.id, **wanted[rpc]}, COORDINATOR)
