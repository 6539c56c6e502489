"""Calendar events over gRPC: planned, published, changed, found."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.ports import Role, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.events import COORDINATOR, a_draft_request, publish_event, stamp

SERVICE = "CalendarEventService"


async def in_days(events: Started, days: int) -> datetime:
    now = await events.now()
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)


async def test_a_published_calendar_event_is_said_and_read_by_everybody(events: Started) -> None:
    event = await publish_event(events, await in_days(events, 10), topics=["begegnung"])
    read = (await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id})).calendar_event
    assert read == event
    said = (await events.published(event.id))[0]
    assert said.subject == "kiez.pub.events.v1.event_published.11.1140.114009.0"
    assert said.body["state"]["uid"] == f"{event.id}@kiezwerk"
    assert said.body["state"]["place"]["address"].endswith("13051 Berlin")


async def test_a_draft_is_there_for_its_planners_alone(events: Started) -> None:
    request = a_draft_request(await in_days(events, 10))
    organiser = Role("organiser", actors=(request["organiser_id"],))
    draft = (await events.call(f"{SERVICE}/DraftCalendarEvent", request, organiser)).calendar_event
    await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": draft.id}, organiser)
    for roles in ((), (Role("partner"),), (Role("organiser", actors=(new_id(),)),), (Role("service"),)):
        with refused("CALENDAR_EVENT_NOT_FOUND", "NOT_FOUND"):
            await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": draft.id}, *roles)
    assert await events.said(draft.id) == []


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (None, "UNAUTHENTICATED"),
        (Role("partner"), "PERMISSION_DENIED"),
        (Role("coordinator", regions=("01",)), "PERMISSION_DENIED"),
        (Role("organiser", actors=("somebody else",)), "PERMISSION_DENIED"),
    ],
)
async def test_who_may_not_plan_is_refused(events: Started, role: Role | None, code: str) -> None:
    request = a_draft_request(await in_days(events, 10))
    with refused(
        "NO_TOKEN" if role is None else "ROLE_MISSING" if role.name == "partner" else "ROLE_DOES_NOT_REACH", code
    ):
        await events.call(f"{SERVICE}/DraftCalendarEvent", request, *([role] if role else []))


async def test_each_wrong_field_is_named(events: Started) -> None:
    request = a_draft_request(
        await in_days(events, 10),
        region="991",
        title="",
        url="http://plain.example",
        place={"name": "", "postal_code": "1"},
    )
    for field in ("region", "title", "url", "place.name", "place.postal_code"):
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", field):
            await events.call(f"{SERVICE}/DraftCalendarEvent", request, COORDINATOR)


async def test_what_is_internal_is_said_to_the_services_and_shown_to_planners_alone(events: Started) -> None:
    event = await publish_event(events, await in_days(events, 10), visibility="EVENT_VISIBILITY_INTERNAL")
    assert (await events.said(event.id))[0].subject.startswith("kiez.int.")
    with refused("CALENDAR_EVENT_NOT_FOUND"):
        await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id}, Role("partner"))
    await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id}, COORDINATOR)


async def test_what_is_for_members_is_hidden_from_the_public(events: Started) -> None:
    event = await publish_event(events, await in_days(events, 10), visibility="EVENT_VISIBILITY_MEMBERS")
    await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id}, Role("partner", regions=("01",)))
    for roles in ((), (Role("applicant"),)):
        with refused("CALENDAR_EVENT_NOT_FOUND"):
            await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id}, *roles)


async def test_access_data_is_shown_to_planners_alone_and_never_said(events: Started) -> None:
    online = {"url": "https://live.example/fest", "access": "Kennwort 4711"}
    event = await publish_event(events, await in_days(events, 10), online=online)
    for roles, seen in (((), ""), ((Role("partner"),), ""), ((COORDINATOR,), "Kennwort 4711")):
        read = await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id}, *roles)
        assert read.calendar_event.online.access == seen
    assert "Kennwort" not in str(await events.said(event.id))


async def test_moving_and_cancelling_raise_the_sequence_and_are_said(events: Started) -> None:
    start = await in_days(events, 10)
    event = await publish_event(events, start)
    later = {"starts_at": stamp(start + timedelta(days=1)), "ends_at": stamp(start + timedelta(days=1, hours=2))}
    moved = await events.call(f"{SERVICE}/MoveCalendarEvent", {"event_id": event.id, **later}, COORDINATOR)
    assert moved.calendar_event.sequence == 1
    off = await events.call(f"{SERVICE}/CancelCalendarEvent", {"event_id": event.id, "reason": "Sturm"}, COORDINATOR)
    assert (off.calendar_event.sequence, off.calendar_event.cancel_reason) == (2, "Sturm")
    said = await events.said(event.id)
    assert [s.fact for s in said] == ["event_published", "event_moved", "event_cancelled"]
    assert said[1].body["previous_starts_at"] == said[0].body["state"]["starts_at"]
    with refused("EVENT_CANCELLED", "FAILED_PRECONDITION"):
        await events.call(f"{SERVICE}/MoveCalendarEvent", {"event_id": event.id, **later}, COORDINATOR)


async def test_an_update_with_an_old_etag_is_refused(events: Started) -> None:
    event = await publish_event(events, await in_days(events, 10))
    update = {"event_id": event.id, "kind": "EVENT_KIND_WALK", "title": "Kiezspaziergang", "etag": event.etag}
    await events.call(f"{SERVICE}/UpdateCalendarEvent", update, COORDINATOR)
    with refused("ETAG_MISMATCH", "ABORTED"):
        await events.call(f"{SERVICE}/UpdateCalendarEvent", update, COORDINATOR)


async def test_a_list_holds_a_region_and_a_window_in_the_order_of_beginning(events: Started) -> None:
    start = await in_days(events, 400)
    marzahn = [(await publish_event(events, start + timedelta(hours=h), region="101002")).id for h in (5, 1, 3)]
    await publish_event(events, start, region="011002")
    await publish_event(events, start + timedelta(days=30), region="101002")
    window = {"region": "10", "ends_after": stamp(start), "starts_before": stamp(start + timedelta(days=1))}
    found: list[str] = []
    token = ""
    while True:
        asked = {**window, "page_size": 2, "page_token": token}
        page = await events.call(f"{SERVICE}/ListCalendarEvents", asked)
        found += [event.id for event in page.calendar_events]
        token = page.next_page_token
        if not token:
            break
    assert found == [marzahn[1], marzahn[2], marzahn[0]]


async def test_an_organiser_finds_its_own_drafts(events: Started) -> None:
    request = a_draft_request(await in_days(events, 10))
    organiser = Role("organiser", actors=(request["organiser_id"],))
    draft = (await events.call(f"{SERVICE}/DraftCalendarEvent", request, organiser)).calendar_event
    mine = {"organiser_id": request["organiser_id"], "drafts": True}
    page = await events.call(f"{SERVICE}/ListCalendarEvents", mine, organiser)
    assert [event.id for event in page.calendar_events] == [draft.id]
    with refused("ROLE_DOES_NOT_REACH"):
        await events.call(f"{SERVICE}/ListCalendarEvents", mine, Role("organiser", actors=(new_id(),)))


async def test_the_organisers_name_follows_the_actor_and_goes_when_its_record_is_no_longer_public(
    events: Started,
) -> None:
    event = await publish_event(events, await in_days(events, 10))
    assert event.organiser_name == ""
    actor = {"id": event.organiser_id, "region": "114009", "status": "active", "is_public": True}
    heard: list[tuple[str, dict[str, Any], str]] = [
        ("actor_registered", {"name": "Kiezverein e. V."}, "Kiezverein e. V."),
        ("actor_updated", {"name": "Kiezverein Ostsee e. V."}, "Kiezverein Ostsee e. V."),
        ("actor_updated", {"name": "Kiezverein Ostsee e. V.", "is_public": False}, ""),
    ]
    for fact, fields, name in heard:
        await events.knows(*await events.city.say("actors", fact, actor | fields))
        await events.move_clock(await events.now())
        read = await events.call(f"{SERVICE}/GetCalendarEvent", {"event_id": event.id})
        assert read.calendar_event.organiser_name == name
    assert [s.fact for s in await events.said(event.id)] == ["event_published", *["event_updated"] * 3]


async def test_what_has_ended_is_completed_by_the_clock(events: Started) -> None:
    start = await in_days(events, 2)
    held, off = await publish_event(events, start), await publish_event(events, start)
    await events.call(f"{SERVICE}/CancelCalendarEvent", {"event_id": off.id, "reason": "Sturm"}, COORDINATOR)
    await events.move_clock(start + timedelta(hours=4))
    assert [s.fact for s in await events.said(held.id)] == ["event_published", "event_completed"]
    assert [s.fact for s in await events.said(off.id)] == ["event_published", "event_cancelled"]
