"""Registrations against a real store: capacity under concurrency, offers by the clock, secret links."""

import asyncio
from collections import Counter
from datetime import UTC

import httpx
import pytest

from chassis.ports import Role, new_id
from tests.component.events.conftest import PUBLIC_URL
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.events import COORDINATOR, event_now, event_with_seats, register, registration_now

SERVICE = "RegistrationService"


async def cancel(events: Started, registration_id: str) -> None:
    await events.call(f"{SERVICE}/CancelRegistration", {"registration_id": registration_id}, COORDINATOR)


def path_of(url: str) -> str:
    assert url.startswith(f"{PUBLIC_URL}/registrations/")
    return url.removeprefix(PUBLIC_URL)


async def test_thirty_at_once_never_get_more_seats_than_there_are(events: Started) -> None:
    event = await event_with_seats(events, 20)
    answers = await asyncio.gather(*(register(events, event.id, seats=1 + n % 3) for n in range(30)))
    confirmed = [a.registration for a in answers if a.registration.status == 1]
    assert sum(r.seats for r in confirmed) <= 20
    assert len(confirmed) < 30
    now = await event_now(events, event.id)
    assert now.seats_free == 20 - sum(r.seats for r in confirmed)
    assert now.waiting == 30 - len(confirmed)
    page = await events.call(f"{SERVICE}/ListRegistrations", {"event_id": event.id, "page_size": 50}, COORDINATOR)
    assert Counter(r.registration.status for r in page.registrants) == Counter(a.registration.status for a in answers)


async def test_registering_cancelling_and_raising_at_once_keep_the_counts_true(events: Started) -> None:
    event = await event_with_seats(events, 6)
    first = [(await register(events, event.id, 2)).registration.id for _ in range(5)]
    raising = events.call("CalendarEventService/ChangeCapacity", {"event_id": event.id, "capacity": 9}, COORDINATOR)
    await asyncio.gather(
        raising, *(cancel(events, id) for id in first[:2]), *(register(events, event.id, 1) for _ in range(6))
    )
    page = await events.call(f"{SERVICE}/ListRegistrations", {"event_id": event.id, "page_size": 50}, COORDINATOR)
    promised = sum(r.registration.seats for r in page.registrants if r.registration.status in {1, 3})
    now = await event_now(events, event.id)
    assert promised <= 9
    assert now.seats_free == 9 - promised


async def test_the_message_names_nobody_and_holds_no_secret(events: Started) -> None:
    event = await event_with_seats(events, 5)
    answer = await register(events, event.id, 2, name="Kim Beispiel")
    (said,) = await events.said(answer.registration.id)
    assert said.subject.startswith("kiez.int.events.v1.registration_confirmed.11.")
    assert said.body["state"]["person_ref"] == (await registration_now(events, answer.registration.id)).person_ref
    assert said.body["calendar_event"]["title"] == event.title
    secret = answer.cancel_url.rpartition("/")[2]
    assert not any(word in str(said) for word in (secret, "Kim", "@example.org"))


async def test_the_store_keeps_no_secret(events: Started) -> None:
    answer = await register(events, (await event_with_seats(events, 5)).id)
    secret = answer.cancel_url.rpartition("/")[2]
    store = events.running.service.store
    for name in ("secret_links", "registrations", "persons", "outbox"):
        assert secret not in str(await store.rows(name).find({}).to_list(1000))


async def test_one_address_registers_once_for_a_calendar_event_until_it_is_over(events: Started) -> None:
    event = await event_with_seats(events, 5)
    first = await register(events, event.id, email="Kim@example.org")
    with refused("ALREADY_REGISTERED", "ALREADY_EXISTS"):
        await register(events, event.id, email="kim@example.org")
    await cancel(events, first.registration.id)
    again = await register(events, event.id, email="kim@example.org")
    known = [(await registration_now(events, answer.registration.id)).person_ref for answer in (first, again)]
    assert known[0] == known[1] != ""
    assert (await event_now(events, event.id)).seats_free == 4


async def test_repeating_a_request_id_registers_nobody_twice(events: Started) -> None:
    event = await event_with_seats(events, 5)
    request_id = new_id()
    await register(events, event.id, email="kim@example.org", request_id=request_id)
    with pytest.raises(Refused) as caught:
        await register(events, event.id, email="kim@example.org", request_id=request_id)
    assert caught.value.code == "ALREADY_EXISTS"
    assert (await event_now(events, event.id)).seats_free == 4


async def test_a_freed_seat_is_offered_in_order_and_goes_on_when_nobody_takes_it(events: Started) -> None:
    event = await event_with_seats(events, 1)
    held, first, second = [(await register(events, event.id)).registration.id for _ in range(3)]
    await cancel(events, held)
    offered = await registration_now(events, first)
    assert (offered.status, offered.because) == (3, 3)
    await events.move_clock(offered.offer_expires_at.ToDatetime(tzinfo=UTC))
    assert (await registration_now(events, first)).status == 4
    assert ((await registration_now(events, second)).status, (await registration_now(events, second)).because) == (3, 4)
    with refused("NO_OFFER", "FAILED_PRECONDITION"):
        await events.call(f"{SERVICE}/AcceptOffer", {"registration_id": first}, COORDINATOR)
    await events.call(f"{SERVICE}/AcceptOffer", {"registration_id": second}, COORDINATOR)
    facts = [s.fact for s in await events.said(second)]
    assert facts == ["registration_waitlisted", "registration_offered", "registration_confirmed"]
    assert [s.fact for s in await events.said(first)][-1] == "registration_expired"


async def test_more_seats_are_offered_to_who_waits(events: Started) -> None:
    event = await event_with_seats(events, 1)
    await register(events, event.id)
    waiting = (await register(events, event.id)).registration.id
    await events.call("CalendarEventService/ChangeCapacity", {"event_id": event.id, "capacity": 2}, COORDINATOR)
    offered = await registration_now(events, waiting)
    assert (offered.status, offered.because) == (3, 5)
    with refused("CAPACITY_BELOW_PROMISED"):
        await events.call("CalendarEventService/ChangeCapacity", {"event_id": event.id, "capacity": 1}, COORDINATOR)


async def test_a_cancelled_calendar_event_ends_its_registrations(events: Started) -> None:
    event = await event_with_seats(events, 1)
    ids = [(await register(events, event.id)).registration.id for _ in range(2)]
    cancelling = {"event_id": event.id, "reason": "Sturm"}
    await events.call("CalendarEventService/CancelCalendarEvent", cancelling, COORDINATOR)
    await events.move_clock(await events.now())
    for id in ids:
        assert ((await registration_now(events, id)).status, (await registration_now(events, id)).because) == (5, 10)
        assert [s.fact for s in await events.said(id)][-1] == "registration_cancelled"
    with refused("EVENT_CANCELLED"):
        await register(events, event.id)


async def test_whoever_registered_with_a_token_cancels_with_it_and_nobody_else(events: Started) -> None:
    event = await event_with_seats(events, 1)
    request = {"event_id": event.id, "name": "Kim", "email": "kim@example.org"}
    own = (await events.call(f"{SERVICE}/Register", request, Role("applicant"), sub="kim")).registration
    for sub, reason, code in (("", "NO_TOKEN", "UNAUTHENTICATED"), ("alex", "REGISTRATION_NOT_FOUND", "NOT_FOUND")):
        with refused(reason, code):
            await events.call(f"{SERVICE}/CancelRegistration", {"registration_id": own.id}, sub=sub)
    done = await events.call(f"{SERVICE}/CancelRegistration", {"registration_id": own.id}, sub="kim")
    assert (done.registration.status, done.registration.because) == (5, 8)
    with refused("REGISTRATION_ENDED", "FAILED_PRECONDITION"):
        await events.call(f"{SERVICE}/CancelRegistration", {"registration_id": own.id}, sub="kim")


async def test_reading_a_secret_link_changes_nothing_and_posting_cancels_once(events: Started) -> None:
    event = await event_with_seats(events, 1)
    answer = await register(events, event.id)
    path = path_of(answer.cancel_url)
    async with httpx.AsyncClient(base_url=events.http, timeout=30) as http:
        for _ in range(2):
            page = await http.get(path)
            assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
            assert "Anmeldung absagen" in page.text
        assert (await http.head(path)).status_code == 200
        assert (await registration_now(events, answer.registration.id)).status == 1
        for _ in range(2):
            assert "abgesagt" in (await http.post(path)).text
    assert (await registration_now(events, answer.registration.id)).because == 8
    assert (await event_now(events, event.id)).seats_free == 1


async def test_a_link_is_good_for_its_one_purpose_until_the_beginning(events: Started) -> None:
    event = await event_with_seats(events, 1, days=3, online={"access": "Kennwort 4711"})
    holder = await register(events, event.id)
    assert holder.access == "Kennwort 4711"
    waiting = await register(events, event.id, language="LANGUAGE_EN")
    cancel_path, confirm_path = path_of(waiting.cancel_url), path_of(waiting.confirm_url)
    async with httpx.AsyncClient(base_url=events.http, timeout=30) as http:
        for wrong in (cancel_path.replace("cancel", "confirm"), "/registrations/cancel/nonsense"):
            assert (await http.post(wrong)).status_code == 404
        assert (await http.post(confirm_path)).status_code == 409
        assert "Kennwort" not in (await http.get(confirm_path)).text
        await http.post(path_of(holder.cancel_url))
        assert "Accept the seats" in (await http.get(confirm_path)).text
        accepted = await http.post(confirm_path)
        assert "Your seats are confirmed" in accepted.text
        assert "Kennwort 4711" in accepted.text
        await events.move_clock(event.starts_at.ToDatetime(tzinfo=UTC))
        assert (await http.get(cancel_path)).status_code == 404
    assert (await registration_now(events, waiting.registration.id)).status == 1


async def test_only_a_service_learns_how_a_person_is_reached(events: Started) -> None:
    answer = await register(
        events, (await event_with_seats(events, 5)).id, email="kim@example.org", language="LANGUAGE_EN"
    )
    asked = {"person_ref": (await registration_now(events, answer.registration.id)).person_ref}
    found = await events.call("ContactService/ResolveContact", asked, Role("service"))
    assert (found.name, found.email, found.language) == ("Kim Beispiel", "kim@example.org", "en")
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await events.call("ContactService/ResolveContact", asked, COORDINATOR)
    with refused("PERSON_NOT_FOUND", "NOT_FOUND"):
        await events.call("ContactService/ResolveContact", {"person_ref": "0" * 32}, Role("service"))


async def test_only_planners_see_who_registered(events: Started) -> None:
    event = await event_with_seats(events, 5)
    await register(events, event.id, email="kim@example.org")
    page = await events.call(f"{SERVICE}/ListRegistrations", {"event_id": event.id}, COORDINATOR)
    assert [(r.name, r.email) for r in page.registrants] == [("Kim Beispiel", "kim@example.org")]
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await events.call(f"{SERVICE}/ListRegistrations", {"event_id": event.id}, Role("coordinator", regions=("01",)))
