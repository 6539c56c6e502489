"""What use cases see of the chassis: time, ids, the caller, a unit of work, pages."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, Protocol, TypeVar, overload
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from chassis.refusals import Forbidden, Unauthenticated

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")

BERLIN = ZoneInfo("Europe/Berlin")


@overload
async def together(one: Awaitable[T], other: Awaitable[U], /) -> tuple[T, U]: ...
@overload
async def together(one: Awaitable[T], other: Awaitable[U], third: Awaitable[V], /) -> tuple[T, U, V]: ...
async def together(*reads: Awaitable[Any]) -> tuple[Any, ...]:
    """What each of them gives, in their order, once all are done; where some fail, the first of these is raised.

    Reads of one transaction that do not need one another cost little more than one of them.
    """
    found = await asyncio.gather(*reads, return_exceptions=True)
    for outcome in found:
        if isinstance(outcome, BaseException):
            raise outcome
    return tuple(found)


def new_id() -> str:
    """A UUIDv7: ids sort by the time they were made (machine clock)."""
    return str(uuid7())


def end_of_day(day: date) -> datetime:
    """The instant at which a deadline on `day` has passed: 24:00 in Berlin."""
    return datetime.combine(day + timedelta(days=1), time(), BERLIN).astimezone(ZoneInfo("UTC"))


def berlin_day(instant: datetime) -> date:
    """The day a person in Berlin would name for this instant."""
    return instant.astimezone(BERLIN).date()


class Clock(Protocol):
    """The calendar clock: what a person would call now. Aware, UTC, whole milliseconds."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Trail:
    """What a piece of work is found by in logs and traces, one from the first call to the last mail."""

    correlation_id: str = ""
    traceparent: str = ""


class Transaction(Protocol):
    """One unit of work: what is saved, said and timed in it happens together or not at all."""

    @property
    def at(self) -> datetime:
        """The calendar instant of this work; the same for everything in it."""
        ...

    @property
    def trail(self) -> Trail:
        """For what is done later because of this work, outside of messages and timers."""
        ...

    def set_timer(self, aggregate_id: str, purpose: str, due: datetime) -> None:
        """Have the `purpose` timer handler called at `due`; replaces an earlier one of the same name."""
        ...

    def cancel_timer(self, aggregate_id: str, purpose: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its reach. No regions: the whole city. No actors: not bound to one."""

    name: str
    regions: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()

    def reaches(self, region: str | None, actor: str | None) -> bool:
        """A role bound to regions or actors never reaches what names none: it fails closed."""
        inside = not self.regions or (region is not None and region.startswith(self.regions))
        return inside and (not self.actors or actor in self.actors)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the token's `sub` and roles; `sub` is empty for a public reader."""

    sub: str = ""
    roles: tuple[Role, ...] = ()

    @property
    def is_public(self) -> bool:
        return not self.sub

    def may(self, *names: str, region: str | None = None, actor: str | None = None) -> bool:
        """Whether one of these roles reaches this region (LOR key) and actor id."""
        return any(role.name in names and role.reaches(region, actor) for role in self.roles)

    def require(self, *names: str, region: str | None = None, actor: str | None = None) -> None:
        """Refuse unless one of these roles reaches this region (LOR key) and actor id."""
        if self.is_public:
            raise Unauthenticated("NO_TOKEN", "Send a bearer token; `kiezctl token` makes one for trying out.")
        if not self.may(*names, region=region, actor=actor):
            place = f" for region {region}" if region else ""
            raise Forbidden("ROLE_DOES_NOT_REACH", f"This needs the role {' or '.join(names)}{place}.")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list: `page_size` 0 means 50; `scope` is what a token is bound to beside the filter."""

    page_size: int = 0
    page_token: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list, and the token with which the next ones are asked for ("" when there are none)."""

    items: tuple[T, ...]
    next_page_token: str = ""


class Records(Protocol[T]):
    """Rows without facts and versions: copies of foreign aggregates, postings, votes. Each `T` has an `id`."""

    async def get(self, id: str, tx: Transaction | None = None) -> T: ...
    async def find(self, id: str, tx: Transaction | None = None) -> T | None: ...
    async def existing(self, ids: Iterable[str], tx: Transaction | None = None) -> set[str]: ...
    async def many(self, ids: Iterable[str], tx: Transaction | None = None) -> tuple[T, ...]: ...
    async def put(self, tx: Transaction, row: T) -> None: ...
    async def insert(self, tx: Transaction, row: T) -> None: ...
    async def insert_all(self, tx: Transaction, rows: Iterable[T]) -> None: ...
    async def remove(self, tx: Transaction, id: str) -> None: ...
    async def remove_all(self, tx: Transaction, ids: Iterable[str]) -> None: ...


class Aggregates(Protocol[T]):
    """Aggregates with a version and facts. What is saved must have been loaded or added in the same `tx`."""

    async def get(self, id: str, tx: Transaction | None = None, *, etag: str = "") -> T: ...
    async def find(self, id: str, tx: Transaction | None = None) -> T | None: ...
    async def existing(self, ids: Iterable[str], tx: Transaction | None = None) -> set[str]: ...
    async def many(self, ids: Iterable[str], tx: Transaction | None = None) -> tuple[T, ...]: ...
    async def add(self, tx: Transaction, aggregate: T, *facts: object) -> T: ...
    async def add_all(self, tx: Transaction, aggregates: Iterable[T]) -> None: ...
    async def save(self, tx: Transaction, aggregate: T, *facts: object) -> T: ...
    async def hold(self, tx: Transaction, id: str) -> None:
        """Make this work conflict with every other that writes or holds the aggregate."""
        ...
