"""Registering without a token: anyone may, the answer is always the same, and changes nothing of others; the rest comes by mail."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from chassis.ports import Role, new_id
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.events import COORDINATOR, event_now, event_with_seats, register, register_openly, registration_now

SERVICE = "RegistrationService"


async def names_in(events: Started, event_id: str) -> list[tuple[str, str]]:
    page = await events.call(f"{SERVICE}/ListRegistrations", {"event_id": event_id}, COORDINATOR)
    return [(r.name, r.email) for r in page.registrants]


async def test_what_one_registration_says_of_a_person_changes_no_other_one(events: Started) -> None:
    one, two = await event_with_seats(events, 5), await event_with_seats(events, 5)
    email = f"{new_id()}@example.org"
    first = await register(events, one.id, name="Anna", email=email)
    await register(events, two.id, name="Nobody I know", email=email.upper(), sub="", language="LANGUAGE_EN")
    assert await names_in(events, one.id) == [("Anna", email)]
    ref = (await registration_now(events, first.registration.id)).person_ref
    asked = {"person_ref": ref, "registration_id": first.registration.id}
    found = await events.call("ContactService/ResolveContact", asked, Role("service"))
    assert (found.name, found.email, found.language) == ("Anna", email, "de")


async def test_without_a_token_the_answer_is_the_same_for_an_address_that_is_registered_already(
    events: Started,
) -> None:
    event = await event_with_seats(events, 5, online={"access": "Kennwort 4711"})
    email = f"{new_id()}@example.org"
    await register(events, event.id, email=email, name="Anna")
    answers = []
    for address in (email, email.upper(), f"{new_id()}@example.org"):
        events.client.sequences.clear()
        answers.append(await register(events, event.id, email=address, name="Mallory", sub=""))
        assert events.client.sequences == {}
    for answer in answers:
        assert answer.registration.id == ""
        assert (answer.registration.status, answer.registration.seats, answer.registration.person_ref) == (1, 1, "")
        assert (answer.cancel_url, answer.confirm_url, answer.access) == ("", "", "")
    assert (await names_in(events, event.id))[0] == ("Anna", email)
    assert (await event_now(events, event.id)).seats_free == 3


async def test_without_a_token_nobody_learns_which_registrations_there_are(events: Started) -> None:
    event = await event_with_seats(events, 5)
    known = (await register(events, event.id)).registration.id
    for rpc in ("GetRegistration", "AcceptOffer", "CancelRegistration"):
        for id in (known, new_id()):
            with refused("NO_TOKEN", "UNAUTHENTICATED"):
                await events.call(f"{SERVICE}/{rpc}", {"registration_id": id})


async def test_who_is_registered_is_told_once_a_day_that_somebody_asked_for_it_again(events: Started) -> None:
    event = await event_with_seats(events, 5)
    email = f"{new_id()}@example.org"
    id = await register_openly(events, event.id, email=email)
    for _ in range(3):
        await register(events, event.id, email=email, sub="")
    facts = ["registration_confirmed", "registration_repeated"]
    assert [said.fact for said in await events.said(id)] == facts
    await events.move_clock(await events.now() + timedelta(days=1))
    await register(events, event.id, email=email, sub="")
    assert [said.fact for said in await events.said(id)] == [*facts, "registration_repeated"]


async def test_the_links_go_to_the_address_by_way_of_the_service_that_writes(events: Started) -> None:
    event = await event_with_seats(events, 1)
    seated, waiting = [await register_openly(events, event.id) for _ in range(2)]
    links = []
    for id in (seated, waiting):
        asked = {"person_ref": (await registration_now(events, id)).person_ref, "registration_id": id}
        links.append(await events.call("ContactService/ResolveContact", asked, Role("service")))
        assert await events.call("ContactService/ResolveContact", asked, Role("service")) == links[-1]
    assert links[0].confirm_url == ""
    async with httpx.AsyncClient(base_url=events.http, timeout=30) as http:
        assert (await http.post(urlsplit(links[0].cancel_url).path)).status_code == 200
        assert (await http.post(urlsplit(links[1].confirm_url).path)).status_code == 200
    assert ((await registration_now(events, seated)).status, (await registration_now(events, waiting)).status) == (5, 1)
    other = {"person_ref": "0" * 32, "registration_id": seated}
    with refused("PERSON_NOT_FOUND", "NOT_FOUND"):
        await events.call("ContactService/ResolveContact", other, Role("service"))


async def test_registrations_of_before_are_read_with_the_person_that_they_shared(events: Started) -> None:
    event = await event_with_seats(events, 5)
    email = f"{new_id()}@example.org"
    id = (await register(events, event.id, email=email)).registration.id
    ref = (await registration_now(events, id)).person_ref
    persons = events.running.service.store.rows("persons")
    row = await persons.find_one_and_delete({"_id": id})
    await persons.insert_one(row | {"_id": ref})
    assert await names_in(events, event.id) == [("Kim Beispiel", email)]
    found = await events.call("ContactService/ResolveContact", {"person_ref": ref}, Role("service"))
    assert found.email == email


async def test_registering_without_a_token_counts_as_a_form(city: City) -> None:
    async with city.service("events", KIEZ_UNCOUNTED_NETWORKS="", KIEZ_POSTS_PER_MINUTE=2) as events:
        event = await event_with_seats(events, 9)
        for _ in range(2):
            await register(events, event.id, sub="")
        with refused("RATE_LIMITED", "RESOURCE_EXHAUSTED"):
            await register(events, event.id, sub="")
        await register(events, event.id)
