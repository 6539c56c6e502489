"""A service with one noun, for trying the chassis alone: pots that are filled, and what it hears of OTHER."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_settings import SettingsConfigDict

from chassis.envelope import Body, Heard, Meta, Part, Published
from chassis.inbox import heard_from, know, react
from chassis.ports import Transaction, new_id
from chassis.runtime import Running, Service
from chassis.settings import ServiceSettings
from chassis.store import Index, Store, StoredAggregates, StoredRecords, StoreTransaction
from tests.support.city import City, Started
from tests.support.client import Client


@dataclass(frozen=True, slots=True)
class Pot:
    id: str
    region: str = "114009"
    cents: int = 0
    label: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class PotFilledFact:
    state: Pot
    amount_cents: int


PotFilledFact.__name__ = "PotFilled"


class PotState(Body):
    id: str
    region: str
    cents: int


class PotFilled(Published, audience="pub", why="A toy hides nothing."):
    """Cents were put into a pot."""

    state: PotState
    amount_cents: int


class ThingState(Part):
    id: str
    cents: int


class ThingDone(Heard, type="kiezwerk.other.v1.thing_done"):
    state: ThingState


class ThingKnown(Heard, type="kiezwerk.other.v1.thing_known"):
    state: ThingState


class ToySettings(ServiceSettings):
    """Settings of the toy."""

    model_config = SettingsConfigDict(env_prefix="TOY_", frozen=True)


@dataclass(frozen=True, slots=True)
class Copy:
    id: str
    cents: int


class Pots(StoredAggregates[Pot]):
    def __init__(self, store: Store) -> None:
        indexes = (Index("label", unique=True, reason="LABEL_TAKEN", where={"label": {"$gt": ""}}), Index("region"))
        super().__init__(store, "pots", Pot, noun="pot", indexes=indexes)


@dataclass(slots=True)
class Toy:
    """The toy as tests use it; `done` lists the effects, `broken` makes the handler fail for these cents."""

    store: Store
    pots: Pots
    copies: StoredRecords[Copy]
    started: Started = field(init=False)
    done: list[int] = field(default_factory=list)
    broken: dict[int, Exception] = field(default_factory=dict)
    fired: list[str] = field(default_factory=list)

    async def add(self, **fields: Any) -> Pot:
        pot = Pot(new_id(), **fields)
        return await self.store.transact(lambda tx: self.pots.add(tx, pot, PotFilledFact(pot, pot.cents)))

    async def fill(self, id: str, cents: int = 1, *, locked: bool = True) -> Pot:
        async def work(tx: StoreTransaction) -> Pot:
            pot = await self.pots.get(id, tx)
            full = replace(pot, cents=pot.cents + cents)
            return await self.pots.save(tx, full, PotFilledFact(full, cents))

        return await self.store.transact(work, locks=[id] if locked else ())

    async def on_done(self, tx: Transaction, message: ThingDone, meta: Meta) -> None:
        error = self.broken.get(message.state.cents)
        if error is not None:
            raise error
        await self.copies.put(tx, Copy(new_id(), message.state.cents))
        self.done.append(message.state.cents)

    async def on_known(self, tx: Transaction, message: ThingKnown, meta: Meta) -> None:
        await self.copies.put(tx, Copy(message.state.id, message.state.cents))

    async def on_tick(self, tx: Transaction, aggregate_id: str) -> None:
        pot = await self.pots.get(aggregate_id, tx)
        full = replace(pot, cents=pot.cents + 100)
        await self.pots.save(tx, full, PotFilledFact(full, 100))
        self.fired.append(aggregate_id)


@asynccontextmanager
async def a_toy(city: City, store_name: str = "", **more: Any) -> AsyncIterator[Toy]:
    """Run the toy; a `store_name` from before finds its data again."""
    settings = city.settings(ToySettings, store_name or f"toy_{secrets.token_hex(6)}", **more)
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    copies: StoredRecords[Copy] = StoredRecords(store, "copies", Copy, noun="copy")
    toy = Toy(store, Pots(store), copies)
    service = Service(
        name="toy",
        settings=settings,
        store=store,
        published=(PotFilled,),
        apis=(),
        access={},
        heard=(heard_from("OTHER", react(ThingDone, toy.on_done), know(ThingKnown, toy.on_known)),),
        timers={"tick": toy.on_tick},
    )
    running = Running(service)
    await running.start()
    toy.started = Started(city, running, Client(f"127.0.0.1:{running.grpc_port}", "toy"))
    try:
        yield toy
    finally:
        await running.stop()
