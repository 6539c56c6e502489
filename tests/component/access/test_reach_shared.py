"""What every service has beside its own: parked messages, the outbox and the movable clock are for operators of the whole city."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chassis import lab, operator
from chassis.ports import Role, new_id
from tests.support.access import Cell, case, cells, refuses
from tests.support.city import City, Started
from tests.support.client import Refused

CELLS = [("kiezwerk.operator.v1", cell) for cell in cells(operator.ACCESS, public=False)] + [
    ("kiezwerk.lab.v1", cell) for cell in cells(lab.ACCESS, public=False)
]
REQUESTS = {
    "OperatorService/GetParked": {"id": "a:b"},
    "OperatorService/RedriveParked": {"id": "a:b"},
    "OperatorService/DropParked": {"id": "a:b", "reason": "überholt"},
    "LabService/SetTime": {"time": "2099-01-01T00:00:00Z"},
}


@pytest.mark.parametrize(("package", "cell"), CELLS, ids=str)
async def test_an_operator_of_a_part_of_the_city_is_refused(actors: Started, package: str, cell: Cell) -> None:
    await refuses(actors, package, cell, case(REQUESTS.get(cell.rpc, {})))


@pytest_asyncio.fixture
async def without_lab(city: City) -> AsyncIterator[Started]:
    async with city.service("actors", KIEZ_MOVABLE_CLOCK=False) as running:
        yield running


async def test_where_the_clock_does_not_move_nobody_can_ask_it_to(without_lab: Started) -> None:
    for rpc in lab.ACCESS:
        with pytest.raises(Refused) as caught:
            await without_lab.call(f"kiezwerk.lab.v1.{rpc}", {}, Role("operator"), sub=new_id())
        assert caught.value.code == "UNIMPLEMENTED"
