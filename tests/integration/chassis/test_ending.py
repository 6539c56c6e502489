"""A service that is told to end ends, whatever of what it stands on is away."""

import time
from pathlib import Path

import pytest

from kiezctl.embedded import nats_server, store_server
from tests.support.city import City
from tests.support.toy import a_toy

# A supervisor waits longer than this, in containers and under `kiezctl up`.
MOST_SECONDS = 25.0


@pytest.mark.parametrize("away", ["store", "nats", "both"])
async def test_a_service_ends_in_time_without_what_it_stands_on(city: City, tmp_path: Path, away: str) -> None:
    async with (
        store_server(tmp_path / "store") as store,
        nats_server(tmp_path / "nats") as nats,
        a_toy(city, store_uri=store.uri, nats_url=nats.url) as toy,
    ):
        await toy.add()
        assert await toy.started.running.relay.flush(10)
        if away != "nats":
            await store.child.kill()
        if away != "store":
            await nats.child.kill()
        begun = time.monotonic()
        await toy.started.running.stop()
        assert time.monotonic() - begun < MOST_SECONDS
