"""Facts that wait: memory holds some of them, the store all; what is told of them is true, whatever the clocks say."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import nats
import pytest

from chassis.clock import machine_now
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.ports import new_id
from chassis.store import Store
from kiezctl.embedded import nats_server
from tests.support.city import NOBODY, City, eventually
from tests.support.toy import Toy, ToySettings, a_toy, sequences

AHEAD = timedelta(hours=1)


async def _all_published(toy: Toy) -> bool:
    return await toy.store.rows("outbox").find_one({"published_at": None}) is None


async def _nats_never_asked() -> Any:
    raise AssertionError


async def test_memory_holds_some_facts_while_nats_is_away_and_all_are_said_in_order_afterwards(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.outbox.chains.MOST_ROWS", 4)
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        pots = [await toy.add() for _ in range(6)]
        await eventually(lambda: _all_published(toy))
        await server.child.kill()
        for _ in range(3):
            for pot in pots:
                await toy.fill(pot.id)
                assert sum(len(chain.rows) for chain in toy.started.running.relay._chains) <= 4
        await server.child.start()
        # Room comes bit by bit: what is taken now lies behind what found none.
        for pot in pots:
            await toy.fill(pot.id)
        await eventually(lambda: _all_published(toy), seconds=30)
        client = await nats.connect(server.url)
        subscription = await client.jetstream().subscribe("kiez.>", ordered_consumer=True)
        heard = [(await subscription.next_msg(timeout=5)).headers or {} for _ in range(30)]
        await client.close()
        for pot in pots:
            numbers = [int(headers["ce-sequence"]) for headers in heard if headers["ce-subject"] == pot.id]
            assert numbers == [1, 2, 3, 4, 5]


async def test_a_fact_is_said_behind_those_before_it_that_found_no_room(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot = await toy.add()
    assert await sequences(toy, pot.id) == [1]
    with monkeypatch.context() as full:
        full.setattr("chassis.outbox.chains.MOST_ROWS", 0)
        for _ in range(3):
            await toy.fill(pot.id)
    await toy.fill(pot.id)
    assert await sequences(toy, pot.id) == [1, 2, 3, 4, 5]


async def test_what_is_told_of_an_outbox_is_true_however_many_wait(city: City) -> None:
    settings, now = city.settings(ToySettings, f"toy_{new_id()[-12:]}"), machine_now()
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    relay = Relay(store, "TOY", Metrics(), _nats_never_asked, lambda: None)
    await store.open()
    rows = [{"_id": f"{n:06}", "aggregate": "a", "seq": n, "recorded_at": now} for n in range(1, 10_003)]
    # The oldest is not the first one that the store finds.
    rows[-1]["recorded_at"] = now - AHEAD
    rows = [rows[0] | {"published_at": now}, *(row | {"published_at": None} for row in rows[1:])]
    # No more at once than even a busy store takes in time.
    for start in range(0, len(rows), 1_000):
        await store.rows("outbox").insert_many(rows[start : start + 1_000])
    status = await relay.status()
    await store.close()
    assert (status.unpublished, status.total, status.last_published_id) == (10_001, 10_002, "000001")
    assert AHEAD.total_seconds() <= status.oldest_age_seconds < AHEAD.total_seconds() + 60


async def test_a_fact_of_a_clock_that_was_ahead_is_found_by_the_sweep(toy: Toy) -> None:
    toy.store.on_commit = lambda rows: None
    pot = await toy.add()
    await toy.store.rows("outbox").update_one({"aggregate": pot.id}, {"$set": {"recorded_at": machine_now() + AHEAD}})
    toy.store.on_commit = toy.started.running.relay.take
    assert await sequences(toy, pot.id) == [1]


async def test_a_fact_of_a_clock_that_was_ahead_waits_as_long_as_it_was_ahead_and_not_less_than_nothing(
    city: City,
) -> None:
    async with a_toy(city, nats_url=f"nats://{NOBODY}") as toy:
        await toy.add()
        await toy.store.rows("outbox").update_one({}, {"$set": {"recorded_at": machine_now() + AHEAD}})
        assert (await toy.started.running.relay.status()).oldest_age_seconds > AHEAD.total_seconds() - 60
        shown = toy.started.running.service.metrics.registry.get_sample_value

        async def is_shown() -> bool:
            return (shown("kiez_outbox_oldest_seconds") or 0) > AHEAD.total_seconds() - 60

        await eventually(is_shown)
