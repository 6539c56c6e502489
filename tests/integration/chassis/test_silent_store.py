"""A store that is there and says nothing: whoever calls is told so within the time of a transaction, and not of a connection."""

import time
from pathlib import Path

import pytest

from chassis.ports import Role
from kiezctl.embedded import store_server, store_uri
from kiezctl.strip import free_port
from tests.support.city import City
from tests.support.client import refused
from tests.support.proxy import Mode, a_proxy
from tests.support.toy import a_toy

TREASURER = Role("treasurer")


async def test_a_command_is_answered_in_time_while_the_store_says_nothing(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    async with (
        store_server(tmp_path / "store", port),
        a_proxy(port) as proxy,
        a_toy(city, store_uri=store_uri(proxy.port)) as toy,
    ):
        pot = await toy.add()
        with monkeypatch.context() as hasty:
            hasty.setattr("chassis.store.connection.TRANSACTION_SECONDS", 0.5)
            hasty.setattr("chassis.store.connection.LEAVE_SECONDS", 0.2)
            proxy.mode = Mode.LOST
            begun = time.monotonic()
            with refused("OUTCOME_UNKNOWN", "UNAVAILABLE"):
                await toy.started.call("PotService/FillPot", {"pot_id": pot.id, "amount_cents": 1}, TREASURER)
            assert time.monotonic() - begun < 3
        await proxy.heal()
        filled = await toy.started.client.call(
            "PotService/FillPot", {"pot_id": pot.id, "amount_cents": 1}, token=city.token(TREASURER), metadata={}
        )
        assert filled.pot.cents >= 1
