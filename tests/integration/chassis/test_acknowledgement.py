"""What NATS acknowledges: a fact whose acknowledgement is lost is said once, and one that only a lost stream acknowledged is said again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from chassis.bus import Connection, NatsAddress
from chassis.envelope import Heard, Meta
from chassis.inbox import heard_from, react
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.ports import Transaction, new_id
from chassis.runtime import Running, Service
from chassis.store import Store
from tests.support.city import NOBODY, City, a_quiet_city, eventually
from tests.support.proxy import Mode, a_proxy
from tests.support.toy import PotState, Toy, ToySettings, a_toy, sequences


class PotHeard(Heard, type="kiezwerk.toy.v1.pot_filled"):
    state: PotState


@asynccontextmanager
async def _a_listener(city: City) -> AsyncIterator[list[int]]:
    """A service that hears of pots; what it heard is in the list, each effect once."""
    heard: list[int] = []

    async def hear(tx: Transaction, message: PotHeard, meta: Meta) -> None:
        heard.append(message.state.cents)

    settings = city.settings(ToySettings, f"ear_{new_id()[-12:]}")
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    streams = (heard_from("TOY", react(PotHeard, hear)),)
    running = Running(Service("ear", settings, store, published=(), apis=(), access={}, heard=streams))
    await running.start()
    try:
        yield heard
    finally:
        await running.stop()


async def test_a_fact_whose_acknowledgement_is_lost_is_said_once_and_has_one_effect(city: City) -> None:
    async with a_quiet_city(city) as quiet, a_proxy(urlsplit(quiet.nats_url).port or 0) as proxy:
        away = replace(quiet, nats_url=f"nats://127.0.0.1:{proxy.port}")
        async with a_toy(away) as toy:
            await toy.started.running.nats.jetstream()
            proxy.mode = Mode.HALF
            pot = await toy.add()

            async def is_stored() -> bool:
                return (await quiet.jetstream.stream_info("TOY")).state.messages == 1

            await eventually(is_stored)
            # Nobody has told the relay: it says it again, as soon as it may.
            assert await toy.store.rows("outbox").find_one({"published_at": None})
            await proxy.heal()
            async with _a_listener(quiet) as heard:
                assert await sequences(toy, pot.id) == [1]
                await toy.fill(pot.id, 7)

                async def both_heard() -> bool:
                    return heard[-1:] == [7]

                await eventually(both_heard)
                assert heard == [0, 7]
            assert await sequences(toy, pot.id) == [1, 2]


@asynccontextmanager
async def _a_replica(toy: Toy, city: City) -> AsyncIterator[tuple[Relay, Connection]]:
    """A relay of its own on the toy's store, which neither sweeps nor marks until it is told to."""
    nats = Connection("toy", NatsAddress(city.nats_url), replicas=1)
    relay = Relay(toy.store, "TOY", Metrics(), nats.jetstream, nats.forget)
    nats.on_stream = relay.begin
    try:
        yield relay, nats
    finally:
        await relay.stop()
        await nats.close()


async def test_what_was_acknowledged_by_a_stream_that_is_gone_is_said_into_the_new_one(city: City) -> None:
    async with (
        a_quiet_city(city) as quiet,
        a_toy(quiet, nats_url=f"nats://{NOBODY}") as toy,
        _a_replica(toy, quiet) as (other, of_other),
        _a_replica(toy, quiet) as (slow, _),
    ):
        await toy.add()

        async def acknowledged() -> bool:
            return bool(slow._marks.unwritten)

        await eventually(acknowledged)
        await quiet.jetstream.delete_stream("TOY")
        # The other one finds it first, and has nothing to take back; then the slow one writes what it still knows.
        await of_other.jetstream()
        marking = asyncio.create_task(slow._marks.run())

        async def written() -> bool:
            return not slow._marks.unwritten

        await eventually(written)
        marking.cancel()
        running = asyncio.create_task(other.run())

        async def filled() -> bool:
            return (await quiet.jetstream.stream_info("TOY")).state.messages == 1

        await eventually(filled)
        running.cancel()
        await asyncio.wait((marking, running))
