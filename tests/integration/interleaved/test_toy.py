"""The harness sees: what is unguarded goes wrong when it is interleaved, and what holds does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from chassis.clock import machine_now
from chassis.inbox import Parked
from chassis.ports import Role, new_id
from chassis.refusals import NotNow
from chassis.store import StoreTransaction
from tests.support.city import City, a_quiet_city, eventually
from tests.support.client import Refused
from tests.support.gate import GATE, STOPPED_SECONDS
from tests.support.interleaving import Command, at_every_step
from tests.support.toy import Pot, Toy, a_toy

pytestmark = pytest.mark.timeout(180)

REDRIVE = "kiezwerk.operator.v1.OperatorService/RedriveParked"


@pytest_asyncio.fixture
async def toys(city: City) -> AsyncIterator[tuple[Toy, Toy]]:
    store = f"toy_{new_id()[-12:]}"
    async with (
        a_quiet_city(city) as left,
        a_quiet_city(city) as right,
        a_toy(left, store) as one,
        a_toy(right, store) as two,
    ):
        yield one, two


def _leaving(toy: Toy, me: str, other: str, *, guarded: bool) -> Command:
    """Empty one pot, which may be done while the other is full."""

    async def work(tx: StoreTransaction) -> Pot:
        if not (await toy.pots.get(other, tx)).cents:
            raise NotNow("LAST_ONE", "One of the two stays full.")
        if guarded:
            await toy.pots.hold(tx, other)
        return await toy.pots.save(tx, replace(await toy.pots.get(me, tx), cents=0))

    async def command() -> Any:
        try:
            return await toy.store.transact(work)
        except NotNow as refusal:
            raise Refused("", refusal.reason, "", {}, {}) from None

    return command


@pytest.mark.parametrize("guarded", [False, True])
async def test_a_guard_on_what_another_writes_holds_only_when_it_holds_it(toys: tuple[Toy, Toy], guarded: bool) -> None:
    one, two = toys
    pots: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        pots[:] = [(await one.add(cents=1)).id for _ in range(2)]
        a, b = pots
        return _leaving(one, a, b, guarded=guarded), _leaving(two, b, a, guarded=guarded)

    both_empty = 0
    async for _ in at_every_step(prepare):
        both_empty += not any([(await one.pots.get(id)).cents for id in pots])
    # Without `hold` the two pass each other at some step: the control that shows that this test can see.
    assert (both_empty > 0) is not guarded


async def test_what_is_added_at_once_is_all_there(toys: tuple[Toy, Toy]) -> None:
    one, two = toys
    pots: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        pots[:] = [(await one.add()).id]
        id = pots[0]
        return lambda: one.fill(id, 5), lambda: two.fill(id, 7)

    met = 0
    async for outcome in at_every_step(prepare):
        met += outcome.met
        assert (await one.pots.get(pots[0])).cents == 12
    assert met


def _parked(thing: str, sequence: int, *, behind: bool) -> Parked:
    id = new_id()
    headers = {
        "ce-specversion": "1.0",
        "ce-id": id,
        "ce-source": "/kiezwerk/test/other",
        "ce-type": "kiezwerk.other.v1.thing_done",
        "ce-subject": thing,
        "ce-time": "2027-01-04T10:00:00Z",
        "ce-sequence": str(sequence),
    }
    body = json.dumps({"state": {"id": thing, "cents": sequence}})
    place = ("toy-other", "OTHER", headers["ce-type"], thing, sequence, "NOT_YET", "The rule says no.")
    return Parked(f"toy-other:{id}", *place, body, behind, machine_now(), headers)


async def test_what_is_parked_behind_another_is_driven_with_it_or_finds_it_gone(toys: tuple[Toy, Toy]) -> None:
    one, two = toys

    async def prepare() -> tuple[Command, Command]:
        thing = new_id()
        await one.started.running.inbox.park(_parked(thing, 1, behind=False))
        late = _parked(thing, 2, behind=True)
        return (
            lambda: one.started.running.inbox.park(late),
            lambda: two.started.call(REDRIVE, {"durable": "toy-other"}, Role("operator")),
        )

    both_ways = set()
    async for outcome in at_every_step(prepare):
        both_ways.add(outcome.first)
        assert await one.started.running.inbox.parked_count() == 0, outcome
        assert outcome.second.handled == (2 if outcome.first == "parked" else 1)
    assert both_ways == {"parked", "free"}


@pytest.mark.parametrize("stop_at", range(1, 7))
async def test_a_message_whose_way_is_freed_while_it_is_being_parked_is_done(
    toys: tuple[Toy, Toy], stop_at: int
) -> None:
    one, two = toys
    thing, said = new_id(), new_id()
    await one.started.running.inbox.park(_parked(thing, 1, behind=False))
    GATE.arm(stop_at, said)
    body = {"state": {"id": thing, "cents": 2}}
    await one.started.city.say_raw("other", "thing_done", thing, 2, body, correlation_id=said)
    try:
        await asyncio.wait_for(GATE.stopped.wait(), STOPPED_SECONDS / 2)
        await two.started.call(REDRIVE, {"durable": "toy-other"}, Role("operator"))
    finally:
        GATE.release()

    async def both_done() -> bool:
        return (two.done, one.done) == ([1], [2])

    await eventually(both_done)
    assert await one.started.running.inbox.parked_count() == 0
