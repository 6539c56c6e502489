"""The connection to NATS that never comes back: the process ends, to be started anew, when NATS answers others, and only then."""

import asyncio
import os
from pathlib import Path

import pytest
from nats.aio.client import Client

from chassis.bus import connection
from chassis.bus.address import NatsAddress
from chassis.bus.connection import CLOSED_FOR_GOOD, Connection
from kiezctl.embedded import nats_server


class Ended(Exception):
    """In place of the process's end."""


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ends: list[int] = []

    def end(code: int) -> None:
        ends.append(code)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(connection, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(connection, "MOST_IN_VAIN", 3)
    return ends


async def test_a_connection_that_does_not_come_back_though_nats_answers_ends_the_process(
    tmp_path: Path, codes: list[int]
) -> None:
    async with nats_server(tmp_path) as server:
        ours = Connection("toy", NatsAddress(server.url, None, "_INBOX_toy", None), replicas=1)
        await ours.jetstream()
        client = ours._client.now
        assert client is not None
        # As when nats-py's task that reconnects has died, or hangs.
        client._status = Client.RECONNECTING
        with pytest.raises(Ended):
            await asyncio.wait_for(ours.look_after_connection(), 20)
        assert codes == [CLOSED_FOR_GOOD]
        client._status = Client.CONNECTED
        await ours.close()


async def test_while_nats_is_away_the_process_goes_on(tmp_path: Path, codes: list[int]) -> None:
    async with nats_server(tmp_path) as server:
        ours = Connection("toy", NatsAddress(server.url, None, "_INBOX_toy", None), replicas=1)
        await ours.jetstream()
    looking = asyncio.create_task(ours.look_after_connection())
    done, _ = await asyncio.wait((looking,), timeout=3)
    assert not done
    assert codes == []
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    await ours.close()
