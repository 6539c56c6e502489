"""An applicant whose message has not come yet is asked for at its owner; funds here hears nothing at all."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from chassis.ports import new_id
from tests.support.actors import COORDINATOR
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds_round import a_call


@pytest_asyncio.fixture(scope="module")
async def actors(city: City) -> AsyncIterator[Started]:
    async with city.service("actors") as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def funds(city: City, actors: Started) -> AsyncIterator[Started]:
    address = f"127.0.0.1:{actors.running.grpc_port}"
    async with city.service("funds", nats_url="nats://127.0.0.1:1", actors_address=address) as running:
        yield running


async def _an_actor(actors: Started, **more: Any) -> str:
    profile = {"region": "114009", "kind": "ACTOR_KIND_ASSOCIATION", "name": f"Verein {new_id()}", "is_public": True}
    request = {"profile": profile | more, "activate": True, "accept_duplicates": True}
    return str((await actors.call("ActorService/RegisterActor", request, COORDINATOR)).actor.id)


async def test_an_actor_that_was_registered_a_moment_ago_can_apply(actors: Started, funds: Started) -> None:
    call = await a_call(funds, seats=0)
    actor_id = await _an_actor(actors)
    application = await call.apply(50_000, actor_id, sub="dora")
    assert application.applicant_actor_id == actor_id


async def test_an_actor_whose_record_is_not_public_can_apply_too(actors: Started, funds: Started) -> None:
    call = await a_call(funds, seats=0)
    actor_id = await _an_actor(actors, is_public=False)
    assert (await call.draft(50_000, actor_id)).applicant_actor_id == actor_id


async def test_what_its_owner_does_not_know_is_not_found(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    with refused("ACTOR_NOT_FOUND", "NOT_FOUND"):
        await call.draft(50_000, new_id())
