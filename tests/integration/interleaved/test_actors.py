"""Who is active where: guards that rest on two records, interleaved at every step on two replicas."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.actors import COORDINATOR, registered, responsible
from tests.support.city import City
from tests.support.client import Refused
from tests.support.interleaving import Command, Replicas, at_every_step, replicas

pytestmark = pytest.mark.timeout(180)


@pytest_asyncio.fixture(scope="module")
async def both(city: City) -> AsyncIterator[Replicas]:
    async with replicas(city, "actors") as running:
        yield running


async def test_the_same_relation_is_started_once(both: Replicas) -> None:
    actors: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        actors[:] = [(await registered(both.one)).id]
        id = actors[0]
        return lambda: responsible(both.one, id, "111001"), lambda: responsible(both.two, id, "111001")

    met = 0
    async for outcome in at_every_step(prepare):
        met += outcome.met
        assert outcome.reasons == ["RELATION_EXISTS"]
        found = await both.one.call("RelationService/ListRelations", {"actor_id": actors[0]}, COORDINATOR)
        assert len(found.relations) == 1
    assert met


async def test_an_archived_actor_starts_no_relation(both: Replicas) -> None:
    async def prepare() -> tuple[Command, Command]:
        id = (await registered(both.one)).id
        archive = {"actor_id": id, "reason": "aufgelöst"}
        return (
            lambda: responsible(both.one, id, "111002"),
            lambda: both.two.call("ActorService/ArchiveActor", archive, COORDINATOR),
        )

    async for outcome in at_every_step(prepare):
        assert not isinstance(outcome.second, Refused)
        # Either the actor was archived first, or whoever archived it had to wait for the relation.
        assert isinstance(outcome.first, Refused) or outcome.met


async def test_of_two_changes_with_one_etag_one_is_told_that_it_is_stale(both: Replicas) -> None:
    async def prepare() -> tuple[Command, Command]:
        actor = await registered(both.one)
        verify = {"actor_id": actor.id, "etag": actor.etag}
        archive = {"actor_id": actor.id, "etag": actor.etag, "reason": "aufgelöst"}
        return (
            lambda: both.one.call("ActorService/VerifyActor", verify, COORDINATOR),
            lambda: both.two.call("ActorService/ArchiveActor", archive, COORDINATOR),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 1
