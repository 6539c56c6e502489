"""The history of a record through gRPC."""

from chassis.ports import Role
from tests.support.actors import COORDINATOR, a_profile_request, registered, responsible
from tests.support.city import Started
from tests.support.client import refused


async def test_each_change_is_kept_with_who_and_why_newest_first(actors: Started) -> None:
    profile = a_profile_request(name="Vorher GmbH Lichtenberg")
    actor = await registered(actors, **profile)
    update = {"actor_id": actor.id, "profile": profile | {"short_name": "VGL"}}
    await actors.call("ActorService/UpdateActor", update, COORDINATOR, sub="kim")
    relation = await responsible(actors, actor.id, "113007")
    archive = {"actor_id": actor.id, "reason": "aufgelöst"}
    await actors.call("ActorService/ArchiveActor", archive, COORDINATOR)
    answer = await actors.call("RevisionService/ListRevisions", {"actor_id": actor.id}, Role("auditor"))
    archived, related, updated, first = answer.revisions
    assert [r.action for r in answer.revisions] == ["archived", "relation_started", "updated", "registered"]
    assert archived.reason == "aufgelöst"
    assert related.relation_id == relation.id
    assert updated.by == "kim"
    assert [(c.field, c.before, c.after) for c in updated.changes] == [("short_name", "", "VGL")]
    assert not first.changes


async def test_history_is_read_by_those_who_answer_for_it_alone(actors: Started) -> None:
    actor = await registered(actors)
    query = {"actor_id": actor.id}
    with refused("NO_TOKEN"):
        await actors.call("RevisionService/ListRevisions", query)
    with refused("ROLE_MISSING"):
        await actors.call("RevisionService/ListRevisions", query, Role("partner"))
    with refused("ROLE_DOES_NOT_REACH"):
        await actors.call("RevisionService/ListRevisions", query, Role("coordinator", regions=("01",)))
