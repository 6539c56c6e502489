"""What a service hears through: nothing piles up while NATS is away, a connection that does not come back is seen, no message holds itself."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import nats
import pytest
from faststream.nats import NatsMessage
from nats.aio.client import Client

from chassis.bus import streams
from chassis.bus.address import NatsAddress
from chassis.bus.handling import Handling
from chassis.ports import new_id
from kiezctl.embedded import NatsServer, nats_server
from tests.support.city import City, a_quiet_city, eventually
from tests.support.toy import Toy, a_toy

ENOUGH = 20
THING = {"region": "114009", "cents": 3}


def ears_of(toy: Toy) -> Client:
    broker: Any = toy.started.running.hearing._broker.now
    client = broker._connection
    assert isinstance(client, Client)
    return client


async def test_while_nats_is_away_requests_for_messages_do_not_pile_up(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = NatsAddress.for_faststream
    # So little that a few requests fill it, as hours of them fill what nats-py takes by itself.
    monkeypatch.setattr(NatsAddress, "for_faststream", lambda *of: options(*of) | {"pending_size": 300})
    monkeypatch.setattr(streams, "AWAY_SECONDS", 0.01)
    async with nats_server(tmp_path / "nats") as server:
        connection = await nats.connect(server.url)
        await streams.provide_stream(connection.jetstream(), "other", 1)
        here = replace(city, nats_url=server.url, jetstream=connection.jetstream())
        await _while_away(here, server, monkeypatch)
        await connection.close()


async def _while_away(here: City, server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_toy(here) as toy:
        await _hears(here, toy)
        client = ears_of(toy)
        asked, publish = 0, client.publish

        async def count(subject: str, *what: Any, **how: Any) -> None:
            nonlocal asked
            asked += 1
            await publish(subject, *what, **how)

        monkeypatch.setattr(client, "publish", count)
        broker: Any = toy.started.running.hearing._broker.now
        # Not killed: it would forget the last acknowledgement, and hand that message over again after half a minute.
        await server.child.stop()

        async def has_asked_in_vain() -> bool:
            return not client.is_connected and asked > ENOUGH

        await eventually(has_asked_in_vain)
        assert client._pending_data_size < 300
        assert sum(len(subscriber.tasks) for subscriber in broker.subscribers) == len(broker.subscribers)
        await server.child.start()
        await _hears(here, toy)


async def _hears(city: City, toy: Toy) -> None:
    before = len(toy.done)
    await city.say("other", "thing_done", THING | {"id": new_id()})

    async def is_done() -> bool:
        return len(toy.done) > before

    await eventually(is_done)

    async def is_acknowledged() -> bool:
        return not (await city.jetstream.consumer_info("OTHER", "toy-other")).num_ack_pending

    await eventually(is_acknowledged)


async def test_a_service_whose_ears_are_not_connected_is_not_ready(toy: Toy) -> None:
    running = toy.started.running

    async def is_up() -> bool:
        return running.nats.is_up and not running.hearing.not_heard_yet()

    await eventually(is_up)
    client = ears_of(toy)
    client._status = Client.RECONNECTING
    assert not running.nats.is_up
    client._status = Client.CONNECTED
    assert running.nats.is_up


async def test_a_message_does_not_hold_itself(city: City, toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    take = Handling.take

    async def look(self: Handling, durable: str, stream: str, message: NatsMessage) -> None:
        held.append(any(message in kept.values() for kept in vars(message).values() if isinstance(kept, dict)))
        await take(self, durable, stream, message)

    monkeypatch.setattr(Handling, "take", look)
    await _hears(city, toy)
    assert held
    assert not any(held)


async def test_what_comes_while_a_service_stops_is_given_back_at_once(city: City) -> None:
    store = f"toy_{new_id()[-12:]}"
    async with a_quiet_city(city) as quiet:
        async with a_toy(quiet, store) as toy:
            await _hears(quiet, toy)
            hearing = toy.started.running.hearing
            broker: Any = hearing._broker.now
            # As in the middle of its stop: FastStream drops what it pulls now.
            hearing._connection.stopping()
            for subscriber in broker.subscribers:
                subscriber.running = False
            aggregate, sequence = await quiet.say("other", "thing_done", THING | {"id": new_id()})

            async def has_come() -> bool:
                delivered = (await quiet.jetstream.consumer_info("OTHER", "toy-other")).delivered
                return delivered is not None and delivered.stream_seq == 2

            await eventually(has_come)
        async with a_toy(quiet, store) as toy:
            # Half a minute is what the durable would wait for an acknowledgement.
            async with asyncio.timeout(10):
                await toy.started.knows(aggregate, sequence)
