"""A NATS that is there and says nothing: it is noticed in half a minute, by what publishes and by what hears, and used again."""

import signal
from pathlib import Path

import pytest
from faststream.nats import NatsBroker

from chassis.bus import address
from chassis.bus.address import NatsAddress
from chassis.bus.connection import Connection
from kiezctl.embedded import nats_server
from tests.support.city import eventually


async def test_a_nats_that_is_frozen_is_noticed_without_anything_being_said_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address.PING_SECONDS * (address.MOST_PINGS_UNANSWERED + 1) <= 30
    monkeypatch.setattr(address, "PING_SECONDS", 0.1)
    async with nats_server(tmp_path) as server:
        where = NatsAddress(server.url)
        ours = Connection("toy", where, replicas=1)
        await ours.jetstream()
        broker = NatsBroker(**where.for_faststream("toy ears", ours.closed), logger=None)
        hearing = await broker.connect()

        async def are_down() -> bool:
            return not ours.is_up and not hearing.is_connected

        async def are_up() -> bool:
            return ours.is_up and hearing.is_connected

        await eventually(are_up)
        server.child.send(signal.SIGSTOP)
        try:
            await eventually(are_down)
        finally:
            server.child.send(signal.SIGCONT)
        await eventually(are_up)
        ours.stopping()
        await broker.stop()
        await ours.close()
