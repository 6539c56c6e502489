"""Whoever a line of an access table names, inside and outside of its reach; and what an rpc answers to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from chassis import codec
from chassis.access import EVERYONE, Access, Reach
from chassis.ports import Caller, Role, new_id
from chassis.refusals import Refusal
from chassis.store import StoreTransaction
from tests.support.city import Started
from tests.support.client import Refused

REGION = "114009"
ELSEWHERE = "01"
# Whose records they are, where a record is somebody's own.
OWNER = "anna"


@dataclass(frozen=True, slots=True)
class Case:
    """How an rpc is called so that the caller alone decides: whole requests, on records of `region`.

    `owner` is the `sub` that the record belongs to, `actor` the id of the actor; `refusals` are what who does not reach
    it may be told.
    """

    requests: tuple[dict[str, Any], ...]
    region: str = REGION
    owner: str = ""
    actor: str = ""
    refusals: tuple[str, ...] = ("ROLE_DOES_NOT_REACH",)


def case(request: Mapping[str, Any], *more: Mapping[str, Any], **facts: Any) -> Case:
    return Case(tuple(dict(one) for one in (request, *more)), **facts)


@dataclass(frozen=True, slots=True)
class Cell:
    """One role of one line."""

    rpc: str
    role: str
    reach: Reach

    def __str__(self) -> str:
        return f"{self.rpc}:{self.role}"


def cells(table: Mapping[str, Access], *, public: bool) -> list[Cell]:
    """The roles of the lines that are not open to everyone, or of those that are."""
    return [
        Cell(rpc, role, reach)
        for rpc, access in table.items()
        if (access.get(EVERYONE) is Reach.PUBLIC) is public
        for role, reach in access.items()
        if reach is not Reach.PUBLIC
    ]


def callers_outside(cell: Cell, case: Case) -> Iterator[Caller]:
    """Who has the role, and does not reach the record."""
    stranger, other = f"stranger-{new_id()}", new_id()
    elsewhere, below = (ELSEWHERE,), (f"{REGION}30",)
    match cell.reach:
        case Reach.REGION:
            yield Caller(stranger, (_role(cell, elsewhere),))
            yield Caller(stranger, (_role(cell, below),))
            yield Caller(stranger, (_role(cell, (), (other,)),))
        case Reach.ACTOR:
            yield Caller(stranger, (_role(cell, elsewhere),))
            yield Caller(stranger, (_role(cell, elsewhere, (case.actor,)),))
            yield Caller(stranger, (_role(cell, (), (other,)),))
        case Reach.OWN:
            yield Caller(stranger, (_role(cell),))
            yield Caller(stranger, (_role(cell, (), (other,)),))
        case Reach.SEAT:
            yield Caller(stranger, (_role(cell),))
            yield Caller(case.owner, (_role(cell, elsewhere),))
        case Reach.CITY:
            yield Caller(stranger, (_role(cell, ("11",)),))
            yield Caller(stranger, (_role(cell, (), (other,)),))


def callers_inside(cell: Cell, case: Case) -> Iterator[Caller]:
    """Who has the role, and reaches the record."""
    someone = f"someone-{new_id()}"
    match cell.reach:
        case Reach.REGION:
            yield Caller(someone, (_role(cell),))
            yield Caller(someone, (_role(cell, (case.region,)),))
        case Reach.ACTOR:
            yield Caller(someone, (_role(cell, (case.region,)),))
            yield Caller(someone, (_role(cell, ("11",), (case.actor,)),))
        case Reach.OWN:
            if case.owner:
                yield Caller(case.owner, (_role(cell),) if cell.role != EVERYONE else ())
            if case.actor and cell.role != EVERYONE:
                yield Caller(someone, (_role(cell, (), (case.actor,)),))
        case Reach.SEAT:
            yield Caller(case.owner, (_role(cell, (case.region,)),))
        case Reach.CITY | Reach.ANYWHERE:
            yield Caller(someone, (_role(cell),))


def _role(cell: Cell, regions: tuple[str, ...] = (), actors: tuple[str, ...] = ()) -> Role:
    return Role(cell.role, regions, actors)


async def told(started: Started, package: str, rpc: str, request: dict[str, Any], caller: Caller) -> Refused:
    """The refusal of a real call."""
    roles = () if [role.name for role in caller.roles] == [EVERYONE] else caller.roles
    with pytest.raises(Refused) as caught:
        await started.call(f"{package}.{rpc}", request, *roles, sub=caller.sub)
    return caught.value


class _Undone(Exception):
    """Ends a transaction with nothing written."""


async def answers(started: Started, package: str, rpc: str, case: Case, caller: Caller) -> list[Any]:
    """What the use case answers to each request, or the reason why it refuses; nothing of it stays in the store."""
    return [await _answer(started, f"/{package}.{rpc}", request, caller) for request in case.requests]


async def _answer(started: Started, path: str, request: dict[str, Any], caller: Caller) -> Any:
    api, rpc = started.running.server._table[path]
    asked = codec.read(ParseDict(request, api.request_type(rpc.name)()), rpc.takes)

    async def work(tx: StoreTransaction) -> None:
        await rpc.handler(tx, asked, caller)
        raise _Undone

    try:
        if not rpc.writes:
            return await rpc.handler(asked, caller)
        await started.running.service.store.transact(work)
    except _Undone:
        return "done"
    except Refusal as refusal:
        return refusal.reason


async def refuses(started: Started, package: str, cell: Cell, case: Case) -> None:
    """Real calls from outside of the reach are refused, and for that."""
    for caller in callers_outside(cell, case):
        refusal = await told(started, package, cell.rpc, case.requests[0], caller)
        assert refusal.reason in case.refusals, (caller, refusal)
        assert refusal.code == ("NOT_FOUND" if refusal.reason.endswith("NOT_FOUND") else "PERMISSION_DENIED")


async def lets_in(started: Started, package: str, cell: Cell, case: Case) -> None:
    """From inside of the reach it is the state that answers."""
    callers = list(callers_inside(cell, case))
    assert callers, "the case names neither owner nor actor"
    for caller in callers:
        (answer,) = await answers(started, package, cell.rpc, Case(case.requests[:1]), caller)
        assert answer not in case.refusals, caller


async def shows_more_inside_alone(started: Started, package: str, cell: Cell, case: Case, least: list[Caller]) -> None:
    """From outside one has what everyone has (or who is in no region, the `least`); from inside more than everyone."""
    open_to_all = [await answers(started, package, cell.rpc, case, caller) for caller in least]
    for caller in callers_outside(cell, case):
        assert await answers(started, package, cell.rpc, case, caller) in open_to_all, caller
    for caller in callers_inside(cell, case):
        assert await answers(started, package, cell.rpc, case, caller) != open_to_all[0], caller
