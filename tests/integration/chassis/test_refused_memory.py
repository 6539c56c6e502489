"""Nothing of what was refused stays in memory: whoever sends rubbish would else fill it."""

import gc

from pydantic import ValidationError

from chassis.ports import Role, new_id
from tests.support.city import City, eventually
from tests.support.client import refused
from tests.support.parked import a_thing, parked_of
from tests.support.toy import Toy

TIMES = 20


def _left() -> int:
    gc.collect()
    return sum(type(thing) is ValidationError for thing in gc.get_objects())


async def test_nothing_of_a_refused_call_stays(toy: Toy) -> None:
    before = _left()
    for _ in range(TIMES):
        with refused("INVALID_FIELDS"):
            await toy.started.call("PotService/FillPot", {"pot_id": "none", "amount_cents": 1}, Role("treasurer"))
    assert _left() <= before


async def test_nothing_of_an_unreadable_message_stays(city: City, toy: Toy) -> None:
    things = [new_id() for _ in range(TIMES)]
    before = _left()
    for thing in things:
        await city.say("other", "thing_done", a_thing(2**63, thing))
    await eventually(lambda: parked_of(toy, things[-1]))
    assert [(await parked_of(toy, thing))[0].reason for thing in things] == ["UNREADABLE_BODY"] * TIMES
    assert _left() <= before
