"""What was published is not published again: not by another relay, however long it was held up, and not for an answer that was lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from chassis.bus import Connection, NatsAddress
from chassis.bus.streams import DUPLICATE_SECONDS, stream_config
from chassis.envelope import Heard, Meta
from chassis.inbox import heard_from, react
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.outbox.relay import STALE_SECONDS
from chassis.ports import Transaction, new_id
from chassis.runtime import Running, Service
from chassis.store import Store
from tests.support.city import NOBODY, City, a_quiet_city, eventually
from tests.support.proxy import Mode, a_proxy
from tests.support.toy import PotState, Toy, ToySettings, a_toy

# A thousand times faster than in earnest, and in the same proportion.
WINDOW_SECONDS, SOON_STALE_SECONDS = DUPLICATE_SECONDS / 1_000, STALE_SECONDS / 1_000


@pytest_asyncio.fixture
async def toy(city: City) -> AsyncIterator[Toy]:
    async with a_quiet_city(city) as quiet, a_toy(quiet) as running:
        yield running


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


async def _sequences(toy: Toy, aggregate: str) -> list[int]:
    return [int(message.headers["ce-sequence"]) for message in await toy.started.published(aggregate)]


async def _with_a_short_window(toy: Toy) -> None:
    await toy.started.running.nats.jetstream()
    await toy.started.city.jetstream.update_stream(stream_config("toy", 1).evolve(duplicate_window=WINDOW_SECONDS))


async def _window_has_passed(toy: Toy) -> None:
    """For all that is in the stream by now: what was said after it counts as new again."""
    subject, same = "kiez.int.toy.v1.nothing_done", {"Nats-Msg-Id": new_id(), "ce-subject": "nothing"}
    js = toy.started.city.jetstream
    assert not (await js.publish(subject, b"{}", headers=same)).duplicate

    async def counts_as_new() -> bool:
        return not (await js.publish(subject, b"{}", headers=same)).duplicate

    await eventually(counts_as_new)


async def _has_nothing_left(relay: Relay) -> None:
    async def nothing_left() -> bool:
        return not relay._chains

    await eventually(nothing_left)


async def test_two_relays_at_once_publish_each_fact_once_and_in_order(toy: Toy) -> None:
    other = Relay(toy.store, "TOY", Metrics(), toy.started.running.nats.jetstream, lambda: None)

    def both(rows: Sequence[dict[str, Any]]) -> None:
        toy.started.running.relay.take(rows)
        other.take(rows)

    toy.store.on_commit = both
    pot = await toy.add()
    for _ in range(20):
        await toy.fill(pot.id)
    assert await _sequences(toy, pot.id) == list(range(1, 22))
    await other.stop()


async def test_a_relay_that_was_frozen_longer_than_the_window_says_nothing_again(toy: Toy) -> None:
    nats, frozen = toy.started.running.nats, asyncio.Event()

    async def when_thawed() -> Any:
        await frozen.wait()
        return await nats.jetstream()

    await _with_a_short_window(toy)
    # It takes what is committed, and stands still before it publishes: the toy's own relay finds that by its sweep.
    held = Relay(toy.store, "TOY", Metrics(), when_thawed, lambda: None, stale_seconds=SOON_STALE_SECONDS)
    pot = await toy.add()
    assert await _sequences(toy, pot.id) == [1]
    await _window_has_passed(toy)
    frozen.set()
    await _has_nothing_left(held)
    assert await _sequences(toy, pot.id) == [1]
    await held.stop()


async def test_a_relay_that_was_cut_off_longer_than_the_window_says_nothing_again(toy: Toy) -> None:
    server = urlsplit(toy.started.city.nats_url)
    assert server.port
    async with a_proxy(server.port) as proxy:
        nats = Connection("toy", NatsAddress(f"nats://{server.hostname}:{proxy.port}"), replicas=1)
        away = Relay(toy.store, "TOY", Metrics(), nats.jetstream, nats.forget, stale_seconds=SOON_STALE_SECONDS)
        await nats.jetstream()
        await _with_a_short_window(toy)
        proxy.mode = Mode.REFUSED
        proxy.reset()

        async def is_cut_off() -> bool:
            return not nats.is_up

        await eventually(is_cut_off)
        pot = await toy.add()
        assert await _sequences(toy, pot.id) == [1]
        await _window_has_passed(toy)
        await proxy.heal()

        async def is_back() -> bool:
            return nats.is_up

        await eventually(is_back)
        await _has_nothing_left(away)
        # What its connection still held for the server is there before any answer is.
        await (await nats.jetstream()).stream_info("TOY")
        assert await _sequences(toy, pot.id) == [1]
        await away.stop()
        await nats.close()


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
                assert await _sequences(toy, pot.id) == [1]
                await toy.fill(pot.id, 7)

                async def both_heard() -> bool:
                    return heard[-1:] == [7]

                await eventually(both_heard)
                assert heard == [0, 7]
            assert await _sequences(toy, pot.id) == [1, 2]


async def test_a_fact_whose_mark_was_lost_is_said_once_while_others_go_on_speaking(toy: Toy) -> None:
    silent, busy = await toy.add(), await toy.add()
    assert await _sequences(toy, silent.id) == [1]

    async def speak() -> None:
        while True:
            await toy.fill(busy.id)

    speaking = asyncio.create_task(speak())
    try:
        # As after a death between the acknowledgement and the mark.
        await toy.store.rows("outbox").update_one({"aggregate": silent.id}, {"$set": {"published_at": None}})
        assert await _sequences(toy, silent.id) == [1]
        await toy.fill(silent.id)
        assert await _sequences(toy, silent.id) == [1, 2]
    finally:
        speaking.cancel()
        await asyncio.wait((speaking,))


async def test_an_aggregate_that_nats_refuses_keeps_no_other_from_being_found(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.outbox.relay.SWEEP_ROWS", 5)
    # As after a restart: what is committed is in no memory, the refused ones first.
    toy.store.on_commit = lambda rows: None
    refused = await toy.add()
    for _ in range(7):
        await toy.fill(refused.id)
    refusing = {"$set": {"headers.Nats-Expected-Last-Sequence": "1000000"}}
    await toy.store.rows("outbox").update_many({"aggregate": refused.id}, refusing)
    other = await toy.add()
    toy.store.on_commit = toy.started.running.relay.take
    assert await _sequences(toy, other.id) == [1]
    assert [blocked.aggregate_id for blocked in (await toy.started.running.relay.status()).blocked] == [refused.id]
    shown = toy.started.running.service.metrics.registry.get_sample_value

    async def all_counted() -> bool:
        return shown("kiez_outbox_unpublished") == 8

    await eventually(all_counted)


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
