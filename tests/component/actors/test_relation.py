"""Relations through gRPC, and who is responsible for a region."""

import asyncio
from typing import Any

from chassis.ports import Role, new_id
from tests.support.actors import COORDINATOR, registered, responsible
from tests.support.city import Started
from tests.support.client import Refused, refused


async def who(actors: Started, region: str, day: str, *roles: Role) -> list[str]:
    answer = await actors.call("RelationService/ListResponsible", {"region": region, "day": day}, *roles)
    return [item.actor.id for item in answer.responsible]


async def test_the_nearest_region_comes_first_and_main_before_plus(actors: Started) -> None:
    district, plus, main = [(await registered(actors)).id for _ in range(3)]
    await responsible(actors, district, "1110")
    await responsible(actors, plus, "111001", "RANK_PLUS")
    await responsible(actors, main, "111001")
    assert await who(actors, "11100101", "2027-01-04") == [main, plus, district]
    assert await who(actors, "1110", "2027-01-04") == [district]
    assert await who(actors, "11100101", "2027-01-03") == []


async def test_without_a_day_today_is_meant(actors: Started) -> None:
    actor = await registered(actors)
    today = (await actors.now()).date().isoformat()
    await responsible(actors, actor.id, "111002", from_day=today)
    answer = await actors.call("RelationService/ListResponsible", {"region": "111002"})
    assert [item.relation.rank for item in answer.responsible] == [1]


async def test_who_is_archived_or_hidden_is_responsible_for_nothing_that_the_public_sees(actors: Started) -> None:
    hidden, archived = await registered(actors, is_public=False), await registered(actors)
    for actor in (hidden, archived):
        await responsible(actors, actor.id, "112004")
    request = {"actor_id": archived.id, "reason": "aufgelöst"}
    await actors.call("ActorService/ArchiveActor", request, COORDINATOR)
    assert await who(actors, "112004", "2027-02-01") == []
    assert await who(actors, "112004", "2027-02-01", COORDINATOR) == [hidden.id]


async def test_a_relation_is_said_ended_and_said_again(actors: Started) -> None:
    actor = await registered(actors)
    relation = await responsible(actors, actor.id, "112005")
    request = {"relation_id": relation.id, "until_day": "2027-06-30", "reason": "Vertrag endet"}
    ended = (await actors.call("RelationService/EndRelation", request, COORDINATOR)).relation
    assert ended.until_day == "2027-06-30"
    assert await who(actors, "112005", "2027-06-30") == [actor.id]
    assert await who(actors, "112005", "2027-07-01") == []
    started, over = await actors.published(relation.id)
    assert started.subject == "kiez.pub.actors.v1.relation_started.11.1120.112005.0"
    assert started.body["state"]["until_day"] is None
    assert over.body["state"]["until_day"] == "2027-06-30"
    with refused("RELATION_ENDED", "FAILED_PRECONDITION"):
        await actors.call("RelationService/EndRelation", request, COORDINATOR)


async def test_the_same_relation_is_not_recorded_twice_even_at_once(actors: Started) -> None:
    actor = await registered(actors)
    tries = (responsible(actors, actor.id, "113006") for _ in range(4))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(r.reason for r in results if isinstance(r, Refused)) == ["RELATION_EXISTS"] * 3


def operates(one: Any, other: Any) -> dict[str, Any]:
    return {"from_actor_id": one.id, "kind": "RELATION_KIND_OPERATES", "to_actor_id": other.id}


async def test_the_relations_of_an_actor_are_found_from_both_ends(actors: Started) -> None:
    carrier, house = await registered(actors), await registered(actors, kind="ACTOR_KIND_FACILITY")
    relation = (await actors.call("RelationService/StartRelation", operates(carrier, house), COORDINATOR)).relation
    for actor in (carrier, house):
        listed = await actors.call("RelationService/ListRelations", {"actor_id": actor.id})
        assert [item.id for item in listed.relations] == [relation.id]
    query = {"actor_id": house.id, "kind": "RELATION_KIND_MEMBER_OF"}
    assert not (await actors.call("RelationService/ListRelations", query)).relations


async def test_a_relation_with_a_record_that_is_not_public_is_kept_from_the_public(actors: Started) -> None:
    carrier, house = await registered(actors), await registered(actors, is_public=False)
    relation = (await actors.call("RelationService/StartRelation", operates(carrier, house), COORDINATOR)).relation
    (said,) = await actors.said(relation.id)
    assert said.subject.startswith("kiez.int.")
    query = {"actor_id": carrier.id}
    assert not (await actors.call("RelationService/ListRelations", query)).relations
    assert len((await actors.call("RelationService/ListRelations", query, COORDINATOR)).relations) == 1
    with refused("ACTOR_NOT_FOUND"):
        await actors.call("RelationService/ListRelations", {"actor_id": house.id})


async def test_a_relation_needs_living_ends_a_fitting_target_and_a_reaching_role(actors: Started) -> None:
    carrier, house = await registered(actors), await registered(actors)
    start = "RelationService/StartRelation"
    with refused("ACTOR_NOT_FOUND", "NOT_FOUND"):
        await actors.call(start, operates(carrier, house) | {"to_actor_id": new_id()}, COORDINATOR)
    with refused("RELATION_SHAPE", "INVALID_ARGUMENT", field="to_actor_id"):
        await actors.call(start, operates(carrier, house) | {"target_region": "11"}, COORDINATOR)
    with refused("ROLE_DOES_NOT_REACH"):
        await actors.call(start, operates(carrier, house), Role("coordinator", regions=("01",)))
    await actors.call("ActorService/ArchiveActor", {"actor_id": house.id, "reason": "zu"}, COORDINATOR)
    with refused("ACTOR_WRONG_STATUS", "FAILED_PRECONDITION"):
        await actors.call(start, operates(carrier, house), COORDINATOR)
