"""The connection to NATS that never comes back: the process ends, to be started anew, when NATS answers others, and only then."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from ssl import SSLError

import pytest
from nats.aio.client import Client

from chassis import opened
from chassis.bus import connection
from chassis.bus.address import NatsAddress
from chassis.bus.connection import CLOSED_FOR_GOOD, Connection
from kiezctl.embedded import nats_server
from kiezctl.strip import free_port
from tests.support.certificates import an_authority
from tests.support.city import eventually
from tests.support.nkeys import a_guarded_nats, a_login


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


async def test_a_connection_whose_server_is_no_longer_trusted_closes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login, trusted, other = a_login(tmp_path, "toy"), an_authority(tmp_path), an_authority(tmp_path, "other")
    refused = asyncio.Event()

    async def note(error: Exception) -> None:
        if isinstance(error, SSLError):
            refused.set()

    monkeypatch.setattr(connection, "_quiet", note)
    port = free_port()
    async with a_guarded_nats(tmp_path, trusted, login, port=port) as url:
        ours = Connection("toy", NatsAddress(url, login.seed, "_INBOX_toy", trusted.ca), replicas=1)
        await ours.jetstream()
    async with a_guarded_nats(tmp_path, other, login, port=port):
        await asyncio.wait_for(refused.wait(), 20)
        await asyncio.wait_for(ours.close(), connection.CLOSE_SECONDS + 3)


async def test_a_handshake_that_failed_at_first_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    login, trusted, other = a_login(tmp_path, "toy"), an_authority(tmp_path), an_authority(tmp_path, "other")
    refused = asyncio.Event()

    async def note(error: Exception) -> None:
        if isinstance(error, SSLError):
            refused.set()

    monkeypatch.setattr(connection, "_quiet", note)
    monkeypatch.setattr(opened, "OPENING_SECONDS", 3.0)
    port = free_port()
    async with a_guarded_nats(tmp_path, other, login, port=port) as url:
        ours = Connection("toy", NatsAddress(url, login.seed, "_INBOX_toy", trusted.ca), replicas=1)
        first = asyncio.create_task(ours.jetstream())
        await asyncio.wait_for(refused.wait(), 20)
    async with a_guarded_nats(tmp_path, trusted, login, port=port):
        with suppress(TimeoutError):
            await first

        async def is_up() -> bool:
            with suppress(TimeoutError):
                await ours.jetstream()
            return ours.is_up

        await eventually(is_up)
        await ours.close()
