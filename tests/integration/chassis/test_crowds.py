"""However many ask at once, and however slowly: there is room for others, and supervisors get their answer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from chassis import connections
from chassis.ports import Role, new_id
from chassis.rpc import calls
from tests.support.city import City, eventually
from tests.support.client import refused
from tests.support.toy import SERVICE, Toy, a_toy

TREASURER = Role("treasurer")
MANY = 1_100
UNKNOWN = "x=9999999999"


@pytest_asyncio.fixture(scope="module")
async def counted(city: City) -> AsyncIterator[Toy]:
    """One that counts this machine, too."""
    async with a_toy(city, KIEZ_UNCOUNTED_NETWORKS="", KIEZ_OPEN_CALLS_PER_SECOND=10_000) as toy:
        yield toy


@contextmanager
def _under_way(call: Any, times: int) -> Iterator[list[Any]]:
    """So many of a call begun, and given up in the end."""
    begun = [call() for _ in range(times)]
    try:
        yield begun
    finally:
        for one in begun:
            one.cancel()


async def _refused_of(begun: list[Any], least: int) -> None:
    """Return once at least so many have ended, for there was no room."""

    async def look() -> bool:
        return bool(sum(one.done() for one in begun) >= least)

    await eventually(look, 40)
    assert grpc.StatusCode.RESOURCE_EXHAUSTED in {await one.code() for one in begun if one.done()}


async def _answers(toy: Toy) -> None:
    """A call with a token, and a supervisor."""
    pot = await toy.add()
    await toy.started.call("PotService/GetPot", {"pot_id": pot.id}, TREASURER)
    async with httpx.AsyncClient(base_url=toy.started.http) as web:
        assert (await web.get("/livez")).status_code == 200


def _watch(toy: Toy) -> Any:
    stub: Any = health_pb2_grpc.HealthStub(toy.started.client.channel)
    return stub.Watch(health_pb2.HealthCheckRequest())


def _reflect(toy: Toy) -> Any:
    library: Any = reflection_pb2_grpc
    return library.ServerReflectionStub(toy.started.client.channel).ServerReflectionInfo()


def _half_sent(toy: Toy, method: str) -> Any:
    invoke: Any = toy.started.client.channel.stream_unary(method)
    return invoke(timeout=60)


@pytest.mark.parametrize("stream", [_watch, _reflect])
async def test_however_many_watch_or_reflect_calls_have_room(toy: Toy, stream: Any) -> None:
    with _under_way(lambda: stream(toy), MANY) as begun:
        await _refused_of(begun, MANY - 200)
        await _answers(toy)
        stub: Any = health_pb2_grpc.HealthStub(toy.started.client.channel)
        assert (await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)).status


async def test_one_address_watches_a_few_times_at_once_and_others_may_too(counted: Toy) -> None:
    with _under_way(lambda: _watch(counted), 30) as begun:
        await _refused_of(begun, 20)
        assert sum(one.done() for one in begun) == 20


async def test_health_and_reflection_are_counted_by_address(city: City) -> None:
    async with a_toy(city, KIEZ_UNCOUNTED_NETWORKS="", KIEZ_OPEN_CALLS_PER_SECOND=0.0001) as strict:
        health: Any = health_pb2_grpc.HealthStub(strict.started.client.channel)
        await health.Check(health_pb2.HealthCheckRequest(), timeout=5)
        with pytest.raises(grpc.aio.AioRpcError, match="more than one caller"):
            await health.Check(health_pb2.HealthCheckRequest(), timeout=5)
        library: Any = reflection_pb2_grpc
        messages: Any = reflection_pb2
        asked = iter((messages.ServerReflectionRequest(list_services=""),))
        call = library.ServerReflectionStub(strict.started.client.channel).ServerReflectionInfo(asked, timeout=5)
        with pytest.raises(grpc.aio.AioRpcError, match="more than one caller"):
            await call.read()


@pytest.mark.parametrize("method", [f"/{SERVICE}/GetPot", "/grpc.health.v1.Health/Check"])
async def test_calls_whose_request_never_comes_leave_room_for_others(
    toy: Toy, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody is refused for being too slow.
    monkeypatch.setattr("chassis.rpc.sent.SENDING_SECONDS", 60)
    with _under_way(lambda: _half_sent(toy, method), MANY) as begun:
        await _refused_of(begun, MANY - 600)
        await _answers(toy)


async def test_a_call_whose_request_does_not_come_in_time_is_refused(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.rpc.sent.SENDING_SECONDS", 0.1)
    for method in (f"/{SERVICE}/GetPot", "/grpc.health.v1.Health/Check"):
        with pytest.raises(grpc.aio.AioRpcError, match="did not come"):
            await _half_sent(toy, method)


async def test_a_read_waits_for_what_it_wants_to_have_seen_for_seconds_and_not_for_its_whole_deadline(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(toy.started.client, "seconds", 300)
    with refused("BEHIND", "UNAVAILABLE"):
        async with asyncio.timeout(20):
            await toy.started.call("PotService/GetPot", {"pot_id": new_id()}, kiez_min_seq=UNKNOWN)


async def test_so_many_wait_at_once_and_who_comes_after_them_is_told_to_repeat(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody is refused for having waited too long.
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 60)
    monkeypatch.setattr(toy.started.client, "seconds", 120)
    pot = await toy.add()

    def wait() -> asyncio.Task[Any]:
        request = {"pot_id": pot.id}
        return asyncio.ensure_future(toy.started.call("PotService/GetPot", request, kiez_min_seq=UNKNOWN))

    with _under_way(wait, 200) as begun:

        async def some_are_refused() -> bool:
            return bool(sum(one.done() for one in begun) >= 100)

        await eventually(some_are_refused, 40)
        with refused("BEHIND", "UNAVAILABLE"):
            await wait()
        await _answers(toy)
        # What is there already needs no waiting.
        await toy.started.call("PotService/GetPot", {"pot_id": pot.id}, kiez_min_seq=f"{pot.id}=1")


@contextmanager
def _closed_in_the_end(opened: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> Iterator[None]:
    try:
        yield
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def _connections(toy: Toy, times: int) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    port = toy.started.running.http_port
    return [await asyncio.open_connection("127.0.0.1", port) for _ in range(times)]


async def test_silent_connections_leave_room_for_those_who_ask(toy: Toy) -> None:
    opened = await _connections(toy, 520)
    with _closed_in_the_end(opened):
        async with httpx.AsyncClient(base_url=toy.started.http) as web:
            assert (await web.get("/livez")).status_code == 200
            assert (await web.get("/anything")).status_code == 404
        # Of too many, those that have been silent longest go.
        async with asyncio.timeout(5):
            assert await opened[0][0].read() == b""


@pytest.mark.parametrize("said", [b"", b"GET /livez HTTP/1.1\r\n", b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\nGET"])
async def test_a_connection_that_asks_nothing_in_time_is_closed(
    toy: Toy, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASKING_SECONDS", 0.1)
    opened = await _connections(toy, 1)
    with _closed_in_the_end(opened):
        reader, writer = opened[0]
        writer.write(said)
        async with asyncio.timeout(5):
            assert (b"alive" in await reader.read()) is said.endswith(b"GET")


async def test_one_address_has_so_many_connections(counted: Toy) -> None:
    opened = await _connections(counted, connections.MOST_OF_ONE)
    with _closed_in_the_end(opened):
        one_more = await _connections(counted, 1)
        opened += one_more
        async with asyncio.timeout(5):
            assert await one_more[0][0].read() == b""
