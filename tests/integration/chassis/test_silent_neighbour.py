"""A neighbour that says nothing, or was away: the next call connects anew, and no call under way is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2

from chassis.ports import Trail
from chassis.refusals import Unavailable
from chassis.rpc.neighbour import Neighbour
from kiezctl.strip import free_port
from tests.support.city import City
from tests.support.proxy import Mode, a_proxy


class Replica:
    """A server of the two rpcs /quiet/Ask, which counts itself and answers, and /quiet/Stand, which answers when told to."""

    def __init__(self) -> None:
        self.asked, self.stands, self.go = 0, asyncio.Event(), asyncio.Event()
        self.port = 0

    async def ask(self, _: bytes, __: Any) -> bytes:
        self.asked += 1
        return b""

    async def stand(self, _: bytes, __: Any) -> bytes:
        self.stands.set()
        await self.go.wait()
        return b""


@asynccontextmanager
async def a_replica(port: int = 0) -> AsyncIterator[Replica]:
    replica, server = Replica(), grpc.aio.server()
    rpcs: Any = {"Ask": replica.ask, "Stand": replica.stand}
    handlers: Any = {name: grpc.unary_unary_rpc_method_handler(answer) for name, answer in rpcs.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("quiet", handlers),))
    replica.port = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        yield replica
    finally:
        await server.stop(None)


async def _call(neighbour: Neighbour, rpc: str, seconds: float) -> None:
    request = health_pb2.HealthCheckRequest()
    await neighbour.call(f"/quiet/{rpc}", request, health_pb2.HealthCheckResponse, seconds=seconds, trail=Trail())


async def test_a_neighbour_whose_first_address_is_frozen_is_asked_at_its_second(city: City) -> None:
    async with a_replica() as first, a_replica() as second, a_proxy(first.port) as proxy:
        addresses = f"ipv4:127.0.0.1:{proxy.port},127.0.0.1:{second.port}"
        neighbour = Neighbour("quiet", addresses, city.folder / "token", None)
        await _call(neighbour, "Ask", 10)
        assert (first.asked, second.asked) == (1, 0)
        under_way = asyncio.create_task(_call(neighbour, "Stand", 60))
        await first.stands.wait()
        # As of a process that is stopped: connections are taken, and nothing is said on any of them.
        proxy.mode = Mode.LOST
        with pytest.raises(Unavailable, match="DEADLINE_EXCEEDED"):
            await _call(neighbour, "Ask", 0.5)
        await _call(neighbour, "Ask", 5)
        assert (first.asked, second.asked) == (1, 1)
        assert not under_way.done()
        under_way.cancel()
        await asyncio.wait((under_way,))
        await neighbour.close()


async def test_calls_under_way_end_with_their_answers_when_another_was_too_late(city: City) -> None:
    async with a_replica() as replica:
        neighbour = Neighbour("quiet", f"127.0.0.1:{replica.port}", city.folder / "token", None)
        under_way = asyncio.create_task(_call(neighbour, "Stand", 20))
        await replica.stands.wait()
        with pytest.raises(Unavailable, match="DEADLINE_EXCEEDED"):
            await _call(neighbour, "Stand", 0.5)
        await _call(neighbour, "Ask", 10)
        assert not under_way.done()
        replica.go.set()
        await under_way
        await neighbour.close()


async def test_a_neighbour_that_comes_back_is_asked_by_the_very_next_call(city: City) -> None:
    port = free_port()
    neighbour = Neighbour("quiet", f"127.0.0.1:{port}", city.folder / "token", None)
    for _ in range(5):
        with pytest.raises(Unavailable, match="UNAVAILABLE"):
            await _call(neighbour, "Ask", 5)
    async with a_replica(port) as replica:
        await _call(neighbour, "Ask", 5)
        await neighbour.close()
    assert replica.asked == 1


async def test_a_neighbour_cannot_be_asked_while_the_own_token_cannot_be_read(tmp_path: Path) -> None:
    async with a_replica() as replica:
        neighbour = Neighbour("quiet", f"127.0.0.1:{replica.port}", tmp_path / "token", None)
        with pytest.raises(Unavailable, match="OWN_FILE_UNREADABLE"):
            await _call(neighbour, "Ask", 5)
        (tmp_path / "token").write_text("a token", encoding="utf-8")
        await _call(neighbour, "Ask", 5)
        await neighbour.close()
    assert replica.asked == 1
