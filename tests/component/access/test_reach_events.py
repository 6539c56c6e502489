"""events: planners plan for their regions and organisers, registrations belong to who registered, drafts are nobody else's."""

from datetime import timedelta

import pytest
import pytest_asyncio

from chassis.ports import Caller, Role, new_id
from services.events.entrypoints.access import ACCESS
from tests.support.access import Case, Cell, case, cells, lets_in, refuses, shows_more_inside_alone
from tests.support.city import Started
from tests.support.client import refused
from tests.support.events import a_draft_request, publish_event, stamp

PACKAGE = "kiezwerk.events.v1"
# Who works for the neighbourhood sees, wherever they work, what is for members.
LEAST = [Caller(), Caller("partner", (Role("partner"),))]


@pytest_asyncio.fixture(scope="module")
async def cases(events: Started) -> dict[str, Case]:
    start = (await events.now()).replace(microsecond=0) + timedelta(days=30)
    organiser, owner = new_id(), f"owner-{new_id()}"
    planned = a_draft_request(start, organiser_id=organiser)
    seats = {"registration": "REGISTRATION_MODE_PER_DATE", "capacity": 40}
    online = {"online": {"url": "https://treffen.example", "access": "Kennwort 4711"}}
    public = await publish_event(events, start, organiser_id=organiser, **seats, **online)
    members, internal = [
        await publish_event(events, start, organiser_id=organiser, visibility=kind, **seats, **online)
        for kind in ("EVENT_VISIBILITY_MEMBERS", "EVENT_VISIBILITY_INTERNAL")
    ]
    person = {"name": "Kim Beispiel", "email": f"{new_id()}@example.org", "seats": 1}
    asked = await events.call("RegistrationService/Register", {"event_id": public.id} | person, sub=owner)
    other = person | {"email": f"{new_id()}@example.org"}
    one = {"event_id": public.id}
    three = [{"event_id": event.id} for event in (public, members, internal)]
    own = {"owner": owner, "actor": organiser, "refusals": ("REGISTRATION_NOT_FOUND",)}
    registration = {"registration_id": asked.registration.id}
    times = {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=1))}
    return {
        "CalendarEventService/DraftCalendarEvent": case(planned, actor=organiser),
        "CalendarEventService/PublishCalendarEvent": case(one, actor=organiser),
        "CalendarEventService/UpdateCalendarEvent": case(
            one | {"kind": "EVENT_KIND_TALK", "title": "Vortrag"}, actor=organiser
        ),
        "CalendarEventService/MoveCalendarEvent": case(one | times, actor=organiser),
        "CalendarEventService/CancelCalendarEvent": case(one | {"reason": "Sturm"}, actor=organiser),
        "CalendarEventService/ChangeCapacity": case(one | {"capacity": 50}, actor=organiser),
        "CalendarEventService/GetCalendarEvent": case(*three, actor=organiser),
        "CalendarEventService/ListCalendarEvents": case(
            {"region": "114009", "organiser_id": organiser, "page_size": 500}, actor=organiser
        ),
        "RegistrationService/Register": case(*(event | other for event in three), actor=organiser),
        "RegistrationService/AcceptOffer": case(registration, **own),
        "RegistrationService/CancelRegistration": case(registration, **own),
        "RegistrationService/GetRegistration": case(registration, **own),
        "RegistrationService/ListRegistrations": case(one, actor=organiser),
        "ContactService/ResolveContact": case({"person_ref": "0" * 32}),
    }


def test_every_rpc_has_its_case(cases: dict[str, Case]) -> None:
    assert set(cases) == set(ACCESS)


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_elsewhere_is_refused(events: Started, cases: dict[str, Case], cell: Cell) -> None:
    await refuses(events, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_there_is_let_in(events: Started, cases: dict[str, Case], cell: Cell) -> None:
    await lets_in(events, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=True), ids=str)
async def test_what_is_not_public_is_seen_where_the_role_reaches(
    events: Started, cases: dict[str, Case], cell: Cell
) -> None:
    await shows_more_inside_alone(events, PACKAGE, cell, cases[cell.rpc], LEAST)


async def test_without_a_token_no_registration_is_anyones(events: Started, cases: dict[str, Case]) -> None:
    for rpc in ("AcceptOffer", "CancelRegistration", "GetRegistration"):
        with refused("NO_TOKEN", "UNAUTHENTICATED"):
            await events.call(f"RegistrationService/{rpc}", cases[f"RegistrationService/{rpc}"].requests[0])


async def test_drafts_are_listed_for_those_who_plan_there(events: Started, cases: dict[str, Case]) -> None:
    listed = cases["CalendarEventService/ListCalendarEvents"].requests[0] | {"drafts": True}
    for role in (Role("coordinator", ("01",)), Role("organiser", (), (new_id(),)), Role("auditor")):
        with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
            await events.call("CalendarEventService/ListCalendarEvents", listed, role)
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await events.call("CalendarEventService/ListCalendarEvents", listed)
