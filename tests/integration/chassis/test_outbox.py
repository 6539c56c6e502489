"""What the relay promises: what was committed is published, in order per aggregate, whatever dies in between."""

import asyncio
from pathlib import Path
from typing import Any

import nats
import pytest

from chassis.bus.streams import stream_config
from chassis.ports import Role, new_id
from kiezctl.embedded import nats_server
from tests.support.city import NOBODY, City, Said, a_quiet_city, eventually
from tests.support.client import refused
from tests.support.toy import Toy, a_toy


def _sequences(messages: list[Said]) -> list[int]:
    return [int(message.headers["ce-sequence"]) for message in messages]


async def test_facts_reach_the_stream_in_the_order_of_their_aggregate(toy: Toy) -> None:
    pots = [await toy.add() for _ in range(4)]
    await asyncio.gather(*(toy.fill(pot.id) for pot in pots for _ in range(8)))
    for pot in pots:
        assert _sequences(await toy.started.published(pot.id)) == list(range(1, 10))


async def test_what_the_relay_remembers_of_aggregates_does_not_grow(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.outbox.relay.REMEMBERED", 3)
    pots = [await toy.add() for _ in range(8)]
    for pot in pots:
        await toy.fill(pot.id)
        assert _sequences(await toy.started.published(pot.id)) == [1, 2]
    assert len(toy.started.running.relay._last) <= 3


async def test_a_fact_that_memory_lost_is_found_by_the_sweep(toy: Toy) -> None:
    toy.store.on_commit = lambda rows: None
    pot = await toy.add()
    toy.store.on_commit = toy.started.running.relay.take
    assert _sequences(await toy.started.published(pot.id)) == [1]


async def test_facts_wait_while_nats_is_away_and_commands_go_on(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        pot = await toy.add()
        await eventually(lambda: _all_published(toy))
        await server.child.kill()
        for _ in range(3):
            await toy.fill(pot.id)

        async def nothing_is_missing() -> bool:
            return await toy.started.running.missing() == {}

        await eventually(nothing_is_missing)
        await server.child.start()
        await eventually(lambda: _all_published(toy), seconds=30)
        client = await nats.connect(server.url)
        subscription = await client.jetstream().subscribe("kiez.>", ordered_consumer=True)
        heard = [await subscription.next_msg(timeout=5) for _ in range(4)]
        assert [int((m.headers or {})["ce-sequence"]) for m in heard] == [1, 2, 3, 4]
        await client.close()


async def test_a_service_that_ends_with_facts_waiting_publishes_them_when_it_comes_back(
    city: City, tmp_path: Path
) -> None:
    async with nats_server(tmp_path / "nats") as server:
        async with a_toy(city, "toy_comes_back", nats_url=server.url) as toy:
            await eventually(lambda: _connected(toy))
            await server.child.kill()
            pot = await toy.add()
        await server.child.start()
        async with a_toy(city, "toy_comes_back", nats_url=server.url) as toy:
            await eventually(lambda: _all_published(toy), seconds=30)
            assert [said.body["state"]["id"] for said in await toy.started.said(pot.id)] == [pot.id]


async def test_a_fact_that_nats_refuses_blocks_its_aggregate_alone_and_is_shown(toy: Toy) -> None:
    js = toy.started.city.jetstream
    refused, fine = await toy.add(region="11"), await toy.add(region="1140")
    await toy.started.published(refused.id)
    config = (await js.stream_info("TOY")).config
    config.max_msg_size = len("x" * 420)
    await js.update_stream(config)
    try:
        await toy.fill(refused.id)
        status = await eventually(lambda: _blocked(toy))
        assert [b.aggregate_id for b in status.blocked] == [refused.id]
        assert status.unpublished == 1
    finally:
        config.max_msg_size = -1
        await js.update_stream(config)
    await toy.fill(fine.id)
    assert _sequences(await toy.started.published(fine.id)) == [1, 2]


async def _all_published(toy: Toy) -> bool:
    return await toy.store.rows("outbox").find_one({"published_at": None}) is None


async def _connected(toy: Toy) -> bool:
    return toy.started.running.nats.is_up


async def _blocked(toy: Toy) -> Any:
    status = await toy.started.running.relay.status()
    return status if status.blocked else None


async def test_a_deleted_stream_is_filled_again_from_the_outbox_by_itself_whole_and_in_order(
    city: City, tmp_path: Path
) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        pots = [await toy.add() for _ in range(3)]
        for pot in pots * 3:
            await toy.fill(pot.id)
        await eventually(lambda: _all_published(toy))
        client = await nats.connect(server.url)
        await client.jetstream().delete_stream("TOY")
        late = await toy.add()
        again = await toy.fill(pots[0].id)

        async def filled() -> bool:
            return bool((await _ask(toy, "ReconcileOutbox")).published == 14)

        await eventually(filled)
        after = await _ask(toy, "ReconcileOutbox")
        assert (after.published, after.lacking, after.foreign) == (14, 0, 0)
        assert (await _ask(toy, "RepublishOutbox")).queued == 0
        subscription = await client.jetstream().subscribe("kiez.>", ordered_consumer=True)
        heard = [(await subscription.next_msg(timeout=5)).headers or {} for _ in range(14)]
        assert again.cents == 4
        for pot in (*pots, late):
            sequences = [int(headers["ce-sequence"]) for headers in heard if headers["ce-subject"] == pot.id]
            assert sequences == list(range(1, len(sequences) + 1))
        await client.close()


async def test_what_others_wrote_into_a_stream_is_counted_whatever_it_is(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        await toy.add()
        await eventually(lambda: _all_published(toy))
        client = await nats.connect(server.url)
        for headers in ({"ce-id": "ü"}, {"ce-id": "\N{RIGHT-TO-LEFT OVERRIDE}"}, None):
            await client.jetstream().publish("kiez.int.toy.v1.pot_added", b"?", headers=headers)
        compared = await _ask(toy, "ReconcileOutbox")
        assert (compared.published, compared.lacking, compared.foreign) == (1, 0, 3)
        await client.close()


async def test_what_is_being_said_while_outbox_and_stream_are_compared_is_not_foreign(city: City) -> None:
    async with a_quiet_city(city) as quiet, a_toy(quiet) as toy:
        await toy.add()
        await eventually(lambda: _all_published(toy))
        async with toy.started.running.relay._marks._writing:
            await toy.add()

            async def said() -> bool:
                return (await quiet.jetstream.stream_info("TOY")).state.messages == 2

            await eventually(said)
            compared = await _ask(toy, "ReconcileOutbox")
        assert (compared.published, compared.lacking, compared.foreign) == (1, 0, 0)


async def test_a_stream_that_was_never_reached_is_not_waited_for_until_the_deadline(city: City) -> None:
    async with a_toy(city, nats_url=f"nats://{NOBODY}") as toy:
        with refused("NATS_AWAY", "UNAVAILABLE"):
            await _ask(toy, "ReconcileOutbox")


async def test_a_deleted_stream_is_rebuilt_though_nothing_new_is_said(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        await toy.add()
        await eventually(lambda: _all_published(toy))
        client = await nats.connect(server.url)
        await client.jetstream().delete_stream("TOY")
        assert (await _ask(toy, "ReconcileOutbox")).lacking == 1
        await eventually(lambda: _all_published(toy))
        assert (await client.jetstream().stream_info("TOY")).state.messages == 1
        await client.close()


async def test_a_stream_that_somebody_else_made_anew_gets_all_that_was_said(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        pot = await toy.add()
        for _ in range(3):
            await toy.fill(pot.id)
        await eventually(lambda: _all_published(toy))
        client = await nats.connect(server.url)
        js = client.jetstream()
        await js.delete_stream("TOY")
        await js.add_stream(stream_config("toy", 1))
        # Nothing tells the service: it sees it by the number that its next fact gets.
        await toy.fill(pot.id)

        async def whole() -> bool:
            return (await js.stream_info("TOY")).state.messages >= 5

        await eventually(whole)
        subscription = await js.subscribe("kiez.>", ordered_consumer=True)
        sequences = [(await subscription.next_msg(timeout=5)).headers or {} for _ in range(5)]
        numbers = [int(headers["ce-sequence"]) for headers in sequences]
        await client.close()
    # The one by which it was seen lies first; the rest comes in order, and a reader drops what is not above it.
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert [number for number in numbers if number != 5] == [1, 2, 3, 4]


async def test_a_stream_that_somebody_else_made_anew_is_filled_though_nothing_new_is_said(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.bus.connection.LOOK_SECONDS", 0.1)
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        await toy.add()
        await eventually(lambda: _all_published(toy))
        client = await nats.connect(server.url)
        js = client.jetstream()
        await js.delete_stream("TOY")
        await js.add_stream(stream_config("toy", 1))

        async def filled() -> bool:
            return (await js.stream_info("TOY")).state.messages == 1

        await eventually(filled)
        await client.close()


async def test_a_service_that_is_started_again_says_nothing_again(city: City, tmp_path: Path) -> None:
    store = f"toy_{new_id()[-12:]}"
    async with nats_server(tmp_path / "nats") as server:
        async with a_toy(city, store, nats_url=server.url) as toy:
            await toy.add()
            await eventually(lambda: _all_published(toy))
            first = await toy.store.rows("outbox").find_one({})
        async with a_toy(city, store, nats_url=server.url) as toy:
            await toy.add()
            await eventually(lambda: _all_published(toy))
            assert await toy.store.rows("outbox").find_one({"_id": first["_id"]}) == first


async def _ask(toy: Toy, rpc: str) -> Any:
    return await toy.started.call(f"kiezwerk.operator.v1.OperatorService/{rpc}", {}, Role("operator"))
