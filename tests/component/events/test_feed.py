"""Feeds over HTTP, read back as a subscribed calendar would."""

from datetime import timedelta
from typing import Any

import httpx
import icalendar

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.events import COORDINATOR, publish_event, stamp


async def fetch(events: Started, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=events.http, timeout=30) as http:
        return await http.get(path, headers=headers)


async def entries(events: Started, path: str) -> dict[str, icalendar.Event]:
    response = await fetch(events, path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(response.content)
    assert isinstance(calendar, icalendar.Calendar)
    return {str(entry["uid"]): entry for entry in calendar.events}


async def soon(events: Started, days: int = 5, **fields: Any) -> Any:
    return await publish_event(events, (await events.now()).replace(microsecond=0) + timedelta(days=days), **fields)


async def test_a_feed_holds_the_public_calendar_of_its_region(events: Started) -> None:
    here = await soon(events, region="114009")
    elsewhere = await soon(events, region="011002")
    members = await soon(events, visibility="EVENT_VISIBILITY_MEMBERS")
    found = await entries(events, "/calendar/11.ics")
    assert here.uid in found
    assert not {elsewhere.uid, members.uid} & found.keys()
    assert elsewhere.uid in await entries(events, "/calendar/00.ics")


async def test_a_move_reaches_the_feed_under_the_same_uid_with_a_higher_sequence(events: Started) -> None:
    event = await soon(events)
    start = event.starts_at.ToDatetime(tzinfo=(await events.now()).tzinfo) + timedelta(days=1)
    # Not in the hour that comes twice in October.
    start = start.replace(hour=12)
    move = {"event_id": event.id, "starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=1))}
    await events.call("CalendarEventService/MoveCalendarEvent", move, COORDINATOR)
    entry = (await entries(events, "/calendar/114009.ics"))[event.uid]
    assert (entry["sequence"], entry.start, entry["dtstart"].params["tzid"]) == (1, start, "Europe/Berlin")


async def test_a_cancelled_one_stays_in_the_feed_as_cancelled(events: Started) -> None:
    event = await soon(events)
    cancelling = {"event_id": event.id, "reason": "Sturm"}
    await events.call("CalendarEventService/CancelCalendarEvent", cancelling, COORDINATOR)
    assert (await entries(events, "/calendar/114009.ics"))[event.uid]["status"] == "CANCELLED"


async def test_a_feed_is_narrowed_by_kind_organiser_and_topic(events: Started) -> None:
    organiser = new_id()
    event = await soon(events, kind="EVENT_KIND_WALK", organiser_id=organiser, topics=["stadtgrün"])
    await soon(events)
    for narrowed in ("kind=walk", f"organiser={organiser}", "topic=Stadtgr%C3%BCn"):
        assert set(await entries(events, f"/calendar/11.ics?{narrowed}")) == {event.uid}


async def test_an_unchanged_feed_is_not_sent_again(events: Started) -> None:
    await soon(events)
    etag = (await fetch(events, "/calendar/114009.ics")).headers["etag"]
    for given in (etag, f'"other", W/{etag}', "*"):
        again = await fetch(events, "/calendar/114009.ics", **{"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
    await soon(events)
    assert (await fetch(events, "/calendar/114009.ics", **{"If-None-Match": etag})).status_code == 200


async def test_what_is_long_over_or_far_ahead_is_not_in_the_feed(events: Started) -> None:
    over, recent, far = await soon(events, -400), await soon(events, -200), await soon(events, 600)
    found = await entries(events, "/calendar/114009.ics")
    assert recent.uid in found
    assert not {over.uid, far.uid} & found.keys()


async def test_an_empty_feed_is_a_calendar_too(events: Started) -> None:
    assert await entries(events, "/calendar/1210.ics") == {}


async def test_an_unknown_region_or_kind_is_answered_in_one_sentence(events: Started) -> None:
    for path, status in (("/calendar/991.ics", 404), ("/calendar/11.ics?kind=party", 400)):
        response = await fetch(events, path)
        assert response.status_code == status
        assert response.text.count("\n") == 1
