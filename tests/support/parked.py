"""Parked messages of the toy, as an operator sees them."""

import asyncio
from typing import Any

from chassis.ports import Role, new_id
from tests.support.toy import Toy

OPERATOR = Role("operator")
REDRIVE = "kiezwerk.operator.v1.OperatorService/RedriveParked"
_numbers = iter(range(1_000, 1_000_000))


def some_cents() -> int:
    """A number that no other test uses: the toy remembers effects by it."""
    return next(_numbers)


def a_thing(cents: int, id: str = "") -> dict[str, object]:
    return {"id": id or new_id(), "region": "11", "cents": cents}


async def parked_of(toy: Toy, aggregate: str) -> list[Any]:
    answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
    return [row for row in answer.parked if row.aggregate_id == aggregate]


async def all_parked(toy: Toy, count: int) -> list[Any]:
    """All that is parked, once it is so many."""
    answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
    return list(answer.parked) if len(answer.parked) == count else []


async def redrive(toy: Toy, id: str) -> Any:
    return await toy.started.call(REDRIVE, {"id": id}, OPERATOR)


async def is_known(toy: Toy, aggregate: str, sequence: int) -> bool:
    try:
        async with asyncio.timeout(5):
            await toy.started.knows(aggregate, sequence)
    except Exception:  # noqa: BLE001 - the store is on its way back
        return False
    return True


async def all_of(toy: Toy, thing: str, count: int) -> list[Any]:
    rows = await parked_of(toy, thing)
    return sorted(rows, key=lambda row: row.sequence) if len(rows) == count else []
