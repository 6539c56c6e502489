"""What funds keeps of what actors says."""

from typing import Any

from chassis.ports import new_id
from services.funds.adapters.mongo.actor import MongoKnownActors, MongoKnownRelations
from tests.support.city import City, Started


def an_actor(**changes: Any) -> dict[str, Any]:
    usual = {"id": new_id(), "region": "114009", "name": "Kiezspinne", "kind": "association", "status": "active"}
    return usual | {"merged_into": ""} | changes


async def test_an_actors_newest_name_is_known(city: City, funds: Started) -> None:
    actor = an_actor()
    await city.say("actors", "actor_registered", actor)
    await funds.knows(*await city.say("actors", "actor_updated", actor | {"name": "Kiezspinne FAS", "new_field": 1}))
    known = await MongoKnownActors(funds.running.service.store).get(actor["id"])
    assert (known.name, known.kind, known.status) == ("Kiezspinne FAS", "association", "active")
    await funds.knows(*await city.say("actors", "actor_archived", actor | {"status": "archived"}))
    known = await MongoKnownActors(funds.running.service.store).get(actor["id"])
    assert known.status == "archived"


async def test_relations_of_both_ends_are_known_with_their_days(city: City, funds: Started) -> None:
    club, house = an_actor(), an_actor()
    relation = {
        "id": new_id(),
        "region": "114009",
        "kind": "operates",
        "from_actor_id": club["id"],
        "to_actor_id": house["id"],
        "from_day": "2026-01-01",
        "until_day": None,
    }
    await city.say("actors", "relation_started", relation)
    await funds.knows(*await city.say("actors", "relation_ended", relation | {"until_day": "2027-03-31"}))
    relations = MongoKnownRelations(funds.running.service.store)
    for end in (club, house):
        (found,) = await relations.touching(end["id"])
        assert (found.kind, str(found.starts_on), str(found.ends_on)) == ("operates", "2026-01-01", "2027-03-31")


async def test_a_relation_to_a_region_has_no_other_end(city: City, funds: Started) -> None:
    club = an_actor()
    relation = {
        "id": new_id(),
        "region": "114009",
        "kind": "responsible_for",
        "from_actor_id": club["id"],
        "to_actor_id": "",
        "from_day": "2026-01-01",
    }
    await funds.knows(*await city.say("actors", "relation_started", relation))
    (found,) = await MongoKnownRelations(funds.running.service.store).touching(club["id"])
    assert found.to_id == ""
