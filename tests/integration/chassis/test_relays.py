"""What was published is not published again: not by another relay, however long it was held up, and not for a mark that was lost."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from chassis.bus import Connection, NatsAddress
from chassis.bus.streams import DUPLICATE_SECONDS, stream_config
from chassis.clock import machine_now
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.outbox.relay import STALE_SECONDS
from chassis.ports import new_id
from tests.support.city import NOBODY, City, a_quiet_city, eventually
from tests.support.proxy import Mode, a_proxy
from tests.support.toy import Toy, a_toy, sequences

# A thousand times faster than in earnest, and in the same proportion.
WINDOW_SECONDS, SOON_STALE_SECONDS = DUPLICATE_SECONDS / 1_000, STALE_SECONDS / 1_000


@pytest_asyncio.fixture
async def toy(city: City) -> AsyncIterator[Toy]:
    async with a_quiet_city(city) as quiet, a_toy(quiet) as running:
        yield running


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
    assert await sequences(toy, pot.id) == list(range(1, 22))
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
    assert await sequences(toy, pot.id) == [1]
    await _window_has_passed(toy)
    frozen.set()
    await _has_nothing_left(held)
    assert await sequences(toy, pot.id) == [1]
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
        assert await sequences(toy, pot.id) == [1]
        await _window_has_passed(toy)
        await proxy.heal()

        async def is_back() -> bool:
            return nats.is_up

        await eventually(is_back)
        await _has_nothing_left(away)
        # What its connection still held for the server is there before any answer is.
        await (await nats.jetstream()).stream_info("TOY")
        assert await sequences(toy, pot.id) == [1]
        await away.stop()
        await nats.close()


async def test_a_fact_whose_mark_was_lost_is_said_once_while_others_go_on_speaking(toy: Toy) -> None:
    silent, busy = await toy.add(), await toy.add()
    assert await sequences(toy, silent.id) == [1]

    async def speak() -> None:
        while True:
            await toy.fill(busy.id)

    speaking = asyncio.create_task(speak())
    try:
        # As after a death between the acknowledgement and the mark.
        await toy.store.rows("outbox").update_one({"aggregate": silent.id}, {"$set": {"published_at": None}})
        assert await sequences(toy, silent.id) == [1]
        await toy.fill(silent.id)
        assert await sequences(toy, silent.id) == [1, 2]
    finally:
        speaking.cancel()
        await asyncio.wait((speaking,))


@contextmanager
def _nothing_swept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the store takes its time, what is committed and in no memory would else be found before it can be refused."""
    with monkeypatch.context() as resting:
        resting.setattr("chassis.outbox.sweep.Sweep._left", lambda *_: [])
        yield


async def test_an_aggregate_that_nats_refuses_keeps_no_other_from_being_found(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.outbox.sweep.SWEEP_ROWS", 5)
    # As after a restart: what is committed is in no memory, the refused ones first.
    toy.store.on_commit = lambda rows: None
    with _nothing_swept(monkeypatch):
        refused = await toy.add()
        for _ in range(7):
            await toy.fill(refused.id)
        refusing = {"$set": {"headers.Nats-Expected-Last-Sequence": "1000000"}}
        await toy.store.rows("outbox").update_many({"aggregate": refused.id}, refusing)
    other = await toy.add()
    toy.store.on_commit = toy.started.running.relay.take
    assert await sequences(toy, other.id) == [1]
    assert [blocked.aggregate_id for blocked in (await toy.started.running.relay.status()).blocked] == [refused.id]
    shown = toy.started.running.service.metrics.registry.get_sample_value

    async def all_counted() -> bool:
        return shown("kiez_outbox_unpublished") == 8

    await eventually(all_counted)


async def test_what_lies_behind_a_refused_fact_takes_no_room_in_memory(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.store.on_commit = lambda rows: None
    with _nothing_swept(monkeypatch):
        refused, rows = await toy.add(), toy.store.rows("outbox")
        for _ in range(3):
            await toy.fill(refused.id)
        await rows.update_many({}, {"$set": {"headers.Nats-Expected-Last-Sequence": "1000000"}})
    relay = Relay(toy.store, "TOY", Metrics(), toy.started.running.nats.jetstream, lambda: None)
    relay.take(await rows.find({}).sort("seq", 1).to_list(None))

    async def is_blocked() -> bool:
        return relay.blocked == 1

    await eventually(is_blocked)
    await toy.fill(refused.id)
    assert [[row["seq"] for row in chain.rows] for chain in relay._chains] == [[1]]
    await relay.stop()


async def test_where_more_was_left_than_one_look_brings_the_next_look_follows_at_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, longer_than_anybody_waits = f"toy_{new_id()[-12:]}", 60.0
    async with a_toy(city, store, nats_url=f"nats://{NOBODY}") as toy:
        pots = [await toy.add() for _ in range(14)]
        await toy.store.rows("outbox").update_many({}, {"$set": {"recorded_at": machine_now() - timedelta(hours=1)}})
    monkeypatch.setattr("chassis.outbox.sweep.SWEEP_ROWS", 5)
    monkeypatch.setattr("chassis.outbox.sweep.SWEEP_SECONDS", longer_than_anybody_waits)
    async with a_quiet_city(city) as quiet, a_toy(quiet, store) as toy:
        for pot in pots:
            assert await sequences(toy, pot.id) == [1]
