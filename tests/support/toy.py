"""A service with one noun, for trying the chassis alone: pots that are filled, and what it hears of OTHER."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_settings import SettingsConfigDict

from chassis.access import PUBLIC, by_region
from chassis.envelope import Body, Heard, Meta, Part, Published
from chassis.fields import Cents, Id
from chassis.inbox import heard_from, know, react
from chassis.ports import Caller, Transaction, new_id
from chassis.rpc import Api, command, query
from chassis.runtime import Running, Service
from chassis.settings import ServiceSettings
from chassis.store import Index, Store, StoredAggregates, StoredRecords, StoreTransaction
from lor import Region
from tests.support import toy_api
from tests.support.city import City, Started
from tests.support.client import Client

SERVICE = "kiezwerk.toy.v1.PotService"
ACCESS = {f"PotService/{rpc}": by_region("treasurer") for rpc in toy_api.RPCS} | {"PotService/GetPot": PUBLIC}


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


@dataclass(frozen=True, slots=True)
class AddPot:
    region: Region


@dataclass(frozen=True, slots=True)
class FillPot:
    pot_id: Id
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class OnePot:
    pot_id: Id


@dataclass(frozen=True, slots=True)
class Secret:
    secret: str


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
    """The toy as tests use it; `tried` and `done` list the effects, `broken` makes the handler fail for these cents."""

    store: Store
    pots: Pots
    copies: StoredRecords[Copy]
    started: Started = field(init=False)
    tried: list[int] = field(default_factory=list)
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

    def api(self) -> Api:
        return Api(
            SERVICE,
            command("AddPot", AddPot, self.add_pot, "pot"),
            command("FillPot", FillPot, self.fill_pot, "pot", money=True),
            command("UnlockPot", OnePot, self.unlock_pot, secret=True),
            query("GetPot", OnePot, self.get_pot, "pot"),
            query("BreakPot", OnePot, self.break_pot),
            query("WatchPot", OnePot, self.watch_pot),
        )

    async def add_pot(self, tx: Transaction, asked: AddPot, caller: Caller) -> Pot:
        pot = Pot(new_id(), asked.region)
        return await self.pots.add(tx, pot, PotFilledFact(pot, 0))

    async def fill_pot(self, tx: Transaction, asked: FillPot, caller: Caller) -> Pot:
        pot = await self.pots.get(asked.pot_id, tx)
        caller.require("treasurer", region=pot.region)
        full = replace(pot, cents=pot.cents + asked.amount_cents)
        return await self.pots.save(tx, full, PotFilledFact(full, asked.amount_cents))

    async def unlock_pot(self, tx: Transaction, asked: OnePot, caller: Caller) -> Secret:
        pot = await self.pots.get(asked.pot_id, tx)
        await self.pots.save(tx, pot)
        return Secret("open sesame")

    async def get_pot(self, asked: OnePot, caller: Caller) -> Pot:
        return await self.pots.get(asked.pot_id)

    async def break_pot(self, asked: OnePot, caller: Caller) -> None:
        raise ZeroDivisionError("a bug with a secret in it")

    async def watch_pot(self, asked: OnePot, caller: Caller) -> None:
        await asyncio.Event().wait()

    async def on_done(self, tx: Transaction, message: ThingDone, meta: Meta) -> None:
        self._try(message.state.cents)
        await self.copies.put(tx, Copy(new_id(), message.state.cents))
        self.done.append(message.state.cents)

    def _try(self, cents: int) -> None:
        self.tried.append(cents)
        error = self.broken.get(cents)
        if error is not None:
            raise error

    async def on_known(self, tx: Transaction, message: ThingKnown, meta: Meta) -> None:
        self._try(message.state.cents)
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
        apis=(toy.api(),),
        access=ACCESS,
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


async def sequences(toy: Toy, aggregate: str) -> list[int]:
    """What is in the stream of one pot, by its numbers."""
    return [int(message.headers["ce-sequence"]) for message in await toy.started.published(aggregate)]
