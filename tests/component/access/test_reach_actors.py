"""actors: a coordinator keeps the records of their regions, and nobody sees what is kept elsewhere."""

from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Caller, Role, new_id
from services.actors.entrypoints.access import ACCESS
from tests.support.access import Case, Cell, case, cells, lets_in, refuses, shows_more_inside_alone
from tests.support.actors import COORDINATOR, a_profile_request, registered, responsible
from tests.support.city import Started
from tests.support.client import refused

PACKAGE = "kiezwerk.actors.v1"
CONTACTS = [
    {"function": function, "email": f"{function}@verein.example", "visibility": visibility}
    for function, visibility in (
        ("public", "VISIBILITY_PUBLIC"),
        ("partners", "VISIBILITY_PARTNERS"),
        ("internal", "VISIBILITY_INTERNAL"),
    )
]
# Staff of another region is what a partner is.
LEAST = [Caller(), Caller("partner", (Role("partner"),))]


@pytest_asyncio.fixture(scope="module")
async def cases(actors: Started) -> dict[str, Case]:
    shown = await registered(actors, contacts=CONTACTS)
    hidden = await registered(actors, is_public=False, contacts=CONTACTS)
    relation = await responsible(actors, shown.id, "114009")
    await responsible(actors, hidden.id, "114009", rank="RANK_PLUS")
    both = {"from_actor_id": shown.id, "to_actor_id": hidden.id, "kind": "RELATION_KIND_COOPERATES_WITH"}
    await actors.call("RelationService/StartRelation", both, COORDINATOR)
    one, other = {"actor_id": shown.id}, {"actor_id": hidden.id}
    profile = {"profile": a_profile_request()}
    return {
        "ActorService/RegisterActor": case(profile),
        "ActorService/UpdateActor": case(one | profile),
        "ActorService/ActivateActor": case(one),
        "ActorService/VerifyActor": case(one),
        "ActorService/ArchiveActor": case(one | {"reason": "aufgelöst"}),
        "ActorService/RestoreActor": case(one | {"reason": "ein Versehen"}),
        "ActorService/GetActor": case(one, other),
        "ActorService/BatchGetActors": case({"actor_ids": [shown.id, hidden.id]}),
        "ActorService/ListActors": case({"region": "114009", "page_size": 500}),
        "RelationService/StartRelation": case(
            {"from_actor_id": shown.id, "to_actor_id": hidden.id, "kind": "RELATION_KIND_OPERATES"}
        ),
        "RelationService/EndRelation": case({"relation_id": relation.id}),
        "RelationService/ListRelations": case(one, other),
        "RelationService/ListResponsible": case({"region": "114009", "day": "2027-02-01"}),
        "RevisionService/ListRevisions": case(one),
        "ContactService/ResolveContact": case({"person_ref": "0" * 32}),
    }


def test_every_rpc_has_its_case(cases: dict[str, Case]) -> None:
    assert set(cases) == set(ACCESS)


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_elsewhere_is_refused(actors: Started, cases: dict[str, Case], cell: Cell) -> None:
    await refuses(actors, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_there_is_let_in(actors: Started, cases: dict[str, Case], cell: Cell) -> None:
    await lets_in(actors, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=True), ids=str)
async def test_what_is_not_public_is_seen_where_the_role_reaches(
    actors: Started, cases: dict[str, Case], cell: Cell
) -> None:
    await shows_more_inside_alone(actors, PACKAGE, cell, cases[cell.rpc], LEAST)


@pytest.mark.parametrize("rpc", ["RegisterActor", "UpdateActor"])
async def test_no_record_is_put_where_one_does_not_reach(actors: Started, cases: dict[str, Case], rpc: str) -> None:
    request: dict[str, Any] = cases[f"ActorService/{rpc}"].requests[0] | {"profile": a_profile_request(region="01")}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await actors.call(f"ActorService/{rpc}", request, COORDINATOR)


async def test_records_that_are_not_there_and_records_that_are_hidden_look_the_same(
    actors: Started, cases: dict[str, Case]
) -> None:
    hidden = cases["ActorService/GetActor"].requests[1]
    for request in (hidden, {"actor_id": new_id()}):
        with refused("ACTOR_NOT_FOUND", "NOT_FOUND"):
            await actors.call("ActorService/GetActor", request, Role("coordinator", regions=("01",)))
