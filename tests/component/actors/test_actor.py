"""Actors through gRPC: registered, changed, found, and seen as the reader may."""

import asyncio
from functools import partial

import pytest

from chassis.ports import Role, new_id
from tests.support.actors import COORDINATOR, a_profile_request, registered
from tests.support.city import Started
from tests.support.client import Refused, insisting, refused

CONTACTS = [
    {"function": kind, "email": f"{kind}@verein.example", "visibility": f"VISIBILITY_{kind.upper()}"}
    for kind in ("public", "partners", "internal")
]


async def seen(actors: Started, actor_id: str, *roles: Role) -> list[str]:
    actor = (await actors.call("ActorService/GetActor", {"actor_id": actor_id}, *roles)).actor
    return [contact.function for contact in actor.contacts]


async def test_an_actor_is_registered_said_and_found_again(actors: Started) -> None:
    actor = await registered(actors, topics=["jugend"], identifiers=[{"scheme": "vr", "value": new_id()}])
    read = (await actors.call("ActorService/GetActor", {"actor_id": actor.id})).actor
    assert read == actor
    (said,) = await actors.published(actor.id)
    assert said.subject == "kiez.pub.actors.v1.actor_registered.11.1140.114009.0"
    assert said.body["state"]["topics"] == ["jugend"]
    assert said.body["state"]["status"] == "active"


async def test_a_reader_sees_the_contacts_that_are_theirs(actors: Started) -> None:
    actor = await registered(actors, contacts=CONTACTS)
    assert await seen(actors, actor.id) == ["public"]
    assert await seen(actors, actor.id, Role("applicant")) == ["public"]
    assert await seen(actors, actor.id, Role("partner", actors=(new_id(),))) == ["public", "partners"]
    assert await seen(actors, actor.id, Role("coordinator", regions=("01",))) == ["public", "partners"]
    assert await seen(actors, actor.id, Role("fund_office", regions=("11",))) == ["public", "partners", "internal"]


async def test_a_draft_is_there_for_those_who_keep_the_region_alone(actors: Started) -> None:
    draft = await registered(actors, activate=False)
    query = {"actor_id": draft.id}
    with refused("ACTOR_NOT_FOUND", "NOT_FOUND"):
        await actors.call("ActorService/GetActor", query)
    with refused("ACTOR_NOT_FOUND"):
        await actors.call("ActorService/GetActor", query, Role("coordinator", regions=("01",)))
    assert (await actors.call("ActorService/GetActor", query, COORDINATOR)).actor.id == draft.id
    await actors.call("ActorService/ActivateActor", query, COORDINATOR)
    assert (await actors.call("ActorService/GetActor", query)).actor.id == draft.id
    subjects = [said.subject.split(".")[1:5:3] for said in await actors.said(draft.id)]
    assert subjects == [["int", "actor_registered"], ["pub", "actor_updated"]]


async def test_only_a_coordinator_of_the_region_registers(actors: Started) -> None:
    request = {"profile": a_profile_request(region="011001")}
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await actors.call("ActorService/RegisterActor", request)
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await actors.call("ActorService/RegisterActor", request, Role("partner"))
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await actors.call("ActorService/RegisterActor", request, COORDINATOR)


async def test_an_actor_cannot_be_moved_to_a_region_that_one_does_not_keep(actors: Started) -> None:
    actor = await registered(actors)
    request = {"actor_id": actor.id, "profile": a_profile_request(region="011001")}
    with refused("ROLE_DOES_NOT_REACH"):
        await actors.call("ActorService/UpdateActor", request, COORDINATOR)


async def test_wrong_fields_are_refused_each_with_its_name(actors: Started) -> None:
    profile = {"region": "99", "topics": ["Jugend"], "contacts": [{"function": "x", "email": "nobody"}]}
    with pytest.raises(Refused) as caught:
        await actors.call("ActorService/RegisterActor", {"profile": profile}, COORDINATOR)
    assert set(caught.value.fields) == {
        "profile.region", "profile.kind", "profile.name", "profile.topics[0]", "profile.contacts[0].email",
    }  # fmt: skip


async def test_a_number_belongs_to_one_actor(actors: Started) -> None:
    number = new_id()
    first = await registered(actors, identifiers=[{"scheme": "vr", "value": number}])
    with pytest.raises(Refused) as caught:
        await registered(actors, identifiers=[{"scheme": "vr", "value": number.upper()}])
    answer = caught.value
    assert (answer.code, answer.reason) == ("ALREADY_EXISTS", "IDENTIFIER_TAKEN")
    assert answer.details["actor_id"] == first.id
    request = {"actor_id": first.id, "profile": a_profile_request()}
    await actors.call("ActorService/UpdateActor", request, COORDINATOR)
    await registered(actors, identifiers=[{"scheme": "vr", "value": number}])


async def test_of_two_registrations_at_once_with_one_number_one_wins(actors: Started) -> None:
    number = new_id()
    register = partial(registered, actors, identifiers=[{"scheme": "vr", "value": number}])
    results = await asyncio.gather(*(insisting(register) for _ in range(5)), return_exceptions=True)
    lost = [result for result in results if isinstance(result, Refused)]
    assert len(lost) == 4
    assert {refusal.code for refusal in lost} == {"ALREADY_EXISTS"}


async def test_a_similar_name_in_the_region_is_registered_only_when_told_to(actors: Started) -> None:
    name = f"Kiezküche {new_id()}"
    first = await registered(actors, name=name)
    profile = a_profile_request(region="11400930", name=name.replace("ü", "ue") + " e.V.")
    with pytest.raises(Refused) as caught:
        await actors.call("ActorService/RegisterActor", {"profile": profile}, COORDINATOR)
    answer = caught.value
    assert (answer.code, answer.reason) == ("FAILED_PRECONDITION", "POSSIBLE_DUPLICATE")
    assert answer.details["candidate_ids"] == first.id
    request = {"profile": profile, "accept_duplicates": True}
    await actors.call("ActorService/RegisterActor", request, COORDINATOR)


async def test_a_stale_etag_changes_nothing(actors: Started) -> None:
    actor = await registered(actors)
    request = {"actor_id": actor.id, "profile": a_profile_request(name="Neuer Name"), "etag": actor.etag}
    await actors.call("ActorService/UpdateActor", request, COORDINATOR)
    with refused("ETAG_MISMATCH", "ABORTED"):
        await actors.call("ActorService/UpdateActor", request, COORDINATOR)


async def test_a_profile_that_says_nothing_new_says_nothing(actors: Started) -> None:
    profile = a_profile_request()
    actor = await registered(actors, **profile)
    request = {"actor_id": actor.id, "profile": profile}
    same = (await actors.call("ActorService/UpdateActor", request, COORDINATOR)).actor
    assert same == actor
    assert len(await actors.said(actor.id)) == 1


async def test_a_record_that_is_withdrawn_says_so_once_to_everybody(actors: Started) -> None:
    profile = a_profile_request()
    actor = await registered(actors, **profile)
    for changes in ({"is_public": False}, {"is_public": False, "short_name": "V"}):
        request = {"actor_id": actor.id, "profile": profile | changes}
        await actors.call("ActorService/UpdateActor", request, COORDINATOR)
    said = await actors.said(actor.id)
    assert [s.subject.split(".")[1] for s in said] == ["pub", "pub", "int"]
    assert not said[1].body["state"]["is_public"]


async def test_what_a_record_says_from_its_withdrawal_on_is_said_to_the_services_alone(actors: Started) -> None:
    profile = a_profile_request()
    actor = await registered(actors, **profile)
    secret = {"is_public": False, "name": "Frauenhaus", "short_name": "FH"}
    await actors.call("ActorService/UpdateActor", {"actor_id": actor.id, "profile": profile | secret}, COORDINATOR)
    _, withdrawn, within = await actors.said(actor.id)
    assert [s.subject.split(".")[1] for s in (withdrawn, within)] == ["pub", "int"]
    assert withdrawn.body["changed_fields"] == ["is_public"]
    public, inside = withdrawn.body["state"], within.body["state"]
    assert (public["name"], public["short_name"], public["is_public"]) == (actor.name, actor.short_name, False)
    assert (inside["name"], inside["short_name"], inside["is_public"]) == ("Frauenhaus", "FH", False)


async def test_who_moves_is_said_under_the_old_region_and_the_new_one(actors: Started) -> None:
    actor = await registered(actors)
    request = {"actor_id": actor.id, "profile": a_profile_request(region="114010")}
    await actors.call("ActorService/UpdateActor", request, COORDINATOR)
    _, left, came = await actors.said(actor.id)
    assert left.subject.endswith("11.1140.114009.0")
    assert left.body["left"]
    assert came.subject.endswith("11.1140.114010.0")


async def test_an_archived_actor_is_restored_with_a_reason(actors: Started) -> None:
    actor = await registered(actors)
    with refused("INVALID_FIELDS", field="reason"):
        await actors.call("ActorService/ArchiveActor", {"actor_id": actor.id}, COORDINATOR)
    request = {"actor_id": actor.id, "reason": "Verein aufgelöst"}
    await actors.call("ActorService/ArchiveActor", request, COORDINATOR)
    with refused("ACTOR_WRONG_STATUS", "FAILED_PRECONDITION"):
        await actors.call("ActorService/ArchiveActor", request, COORDINATOR)
    with refused("ACTOR_NOT_FOUND"):
        await actors.call("ActorService/GetActor", {"actor_id": actor.id})
    await actors.call("ActorService/RestoreActor", {"actor_id": actor.id, "reason": "Irrtum"}, COORDINATOR)
    facts = [said.fact for said in await actors.said(actor.id)]
    assert facts == ["actor_registered", "actor_archived", "actor_restored"]


async def test_a_repeated_request_registers_once(actors: Started) -> None:
    request = {"profile": a_profile_request(), "request_id": new_id()}
    first = await actors.call("ActorService/RegisterActor", request, COORDINATOR, sub="kim")
    again = await actors.call("ActorService/RegisterActor", request, COORDINATOR, sub="kim")
    assert first == again


async def test_a_list_is_filtered_paged_and_bound_to_its_reader(actors: Started) -> None:
    topic = f"thema {new_id()}"
    ids = [(await registered(actors, region=region, topics=[topic])).id for region in ("114010", "1140", "11")]
    await registered(actors, topics=[topic], region="114010", activate=False)
    query = {"region": "1140", "topic": topic, "page_size": 1}
    page = await actors.call("ActorService/ListActors", query)
    assert [actor.id for actor in page.actors] == ids[:1]
    rest = await actors.call("ActorService/ListActors", query | {"page_token": page.next_page_token})
    assert ([actor.id for actor in rest.actors], rest.next_page_token) == (ids[1:2], "")
    with refused("PAGE_TOKEN_MISMATCH", "INVALID_ARGUMENT"):
        await actors.call("ActorService/ListActors", query | {"page_token": page.next_page_token}, COORDINATOR)
    everything = await actors.call("ActorService/ListActors", {"topic": topic}, Role("operator"))
    assert len(everything.actors) == 4


async def test_drafts_are_listed_for_those_who_keep_the_region(actors: Started) -> None:
    topic = f"thema {new_id()}"
    draft = await registered(actors, topics=[topic], activate=False)
    query = {"region": "11", "topic": topic, "status": "ACTOR_STATUS_DRAFT"}
    with refused("NO_TOKEN"):
        await actors.call("ActorService/ListActors", query)
    with refused("ROLE_DOES_NOT_REACH"):
        await actors.call("ActorService/ListActors", query, Role("coordinator", regions=("01",)))
    listed = await actors.call("ActorService/ListActors", query, COORDINATOR)
    assert [actor.id for actor in listed.actors] == [draft.id]


async def test_a_batch_comes_in_its_order_without_what_may_not_be_seen(actors: Started) -> None:
    first, draft, second = [await registered(actors, activate=activate) for activate in (True, False, True)]
    query = {"actor_ids": [second.id, draft.id, new_id(), first.id]}
    batch = await actors.call("ActorService/BatchGetActors", query)
    assert [actor.id for actor in batch.actors] == [second.id, first.id]


async def test_a_verified_record_is_fresh_again(actors: Started) -> None:
    actor = await registered(actors)
    verified = (await actors.call("ActorService/VerifyActor", {"actor_id": actor.id}, COORDINATOR)).actor
    assert verified.verified_on >= actor.verified_on
    assert [said.fact for said in await actors.said(actor.id)][-1] == "actor_verified"
