"""What grpcio does that we work around: each test fails when the installed version no longer does it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from kiezctl.strip import free_port
from tests.support.hazard import still
from tests.support.proxy import Mode, a_proxy


@asynccontextmanager
async def _serving(
    answer: Callable[[Any, Any], Awaitable[bytes]], deserializer: Any = None, port: int = 0
) -> AsyncIterator[str]:
    """A server whose one rpc is /hazard/Ask; gives its address."""
    server = grpc.aio.server()
    method: Any = grpc.unary_unary_rpc_method_handler(answer, request_deserializer=deserializer)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("hazard", {"Ask": method}),))
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


async def _call(
    data: bytes, seconds: float | None, *, deserializer: Any = None, service_config: dict[str, Any] | None = None
) -> tuple[grpc.StatusCode, float | None]:
    """The status of a call that is answered at once, and what its handler saw of a deadline."""
    remaining: list[float | None] = []

    async def answer(request: Any, context: Any) -> bytes:
        remaining.append(context.time_remaining())
        return b""

    options = [("grpc.service_config", json.dumps(service_config))] if service_config else []
    async with (
        _serving(answer, deserializer) as address,
        grpc.aio.insecure_channel(address, options=options) as channel,
    ):
        invoke: Any = channel.unary_unary("/hazard/Ask")
        code = await invoke(data, timeout=seconds).code()
    return code, remaining[0] if remaining else None


def _with_timeout(seconds: int) -> dict[str, Any]:
    return {"methodConfig": [{"name": [{}], "timeout": f"{seconds}s"}]}


async def test_still_unreadable_bytes_end_in_unknown_before_any_handler() -> None:
    code, _ = await _call(b"\xff\xff", 5, deserializer=health_pb2.HealthCheckRequest.FromString)
    still(code is grpc.StatusCode.UNKNOWN, "parsing in the chassis")


async def test_still_a_client_may_call_without_a_deadline() -> None:
    _, remaining = await _call(b"", None)
    still(remaining is None or remaining > 3_600, "the server's own deadline of 10 s")


async def test_still_a_timeout_of_a_service_config_fires_early() -> None:
    code, _ = await _call(b"", None, service_config=_with_timeout(1))
    still(code is grpc.StatusCode.DEADLINE_EXCEEDED, "`timeout=` on every call")


async def test_still_a_timeout_of_a_service_config_does_not_reach_the_server() -> None:
    code, remaining = await _call(b"", None, service_config=_with_timeout(20))
    assert code is grpc.StatusCode.OK
    still(remaining is None or remaining > 3_600, "`timeout=` on every call")


async def test_still_a_cancelled_call_cancels_its_handler() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def answer(request: Any, context: Any) -> bytes:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return b""

    async with _serving(answer) as address, grpc.aio.insecure_channel(address) as channel:
        invoke: Any = channel.unary_unary("/hazard/Ask")
        call = invoke(b"", timeout=30)
        await asyncio.wait_for(begun.wait(), 10)
        call.cancel()
        try:
            await asyncio.wait_for(cancelled.wait(), 10)
        except TimeoutError:
            still(False, "the transaction in a shielded task of its own")


async def test_still_a_channel_stays_with_an_address_that_says_nothing_any_more() -> None:
    async def answer(_: Any, __: Any) -> bytes:
        return b""

    async with (
        _serving(answer) as first,
        _serving(answer) as second,
        a_proxy(int(first.rpartition(":")[2])) as proxy,
        grpc.aio.insecure_channel(f"ipv4:127.0.0.1:{proxy.port},{second}") as channel,
    ):
        invoke: Any = channel.unary_unary("/hazard/Ask")
        await invoke(b"", timeout=10)
        proxy.mode = Mode.LOST
        codes = [await invoke(b"", timeout=1).code() for _ in range(3)]
    still(set(codes) == {grpc.StatusCode.DEADLINE_EXCEEDED}, "the new channel after a call that was too late")


async def test_still_a_channel_that_was_refused_waits_though_its_server_is_there_again() -> None:
    async def answer(_: Any, __: Any) -> bytes:
        return b""

    port = free_port()
    # Nothing resets the wait but a connection, and it grows with each attempt: this is the first one.
    options = [("grpc.initial_reconnect_backoff_ms", 60_000), ("grpc.min_reconnect_backoff_ms", 60_000)]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        invoke: Any = channel.unary_unary("/hazard/Ask")
        await invoke(b"", timeout=10).code()
        async with _serving(answer, port=port):
            codes = [await invoke(b"", timeout=10).code() for _ in range(3)]
    still(set(codes) == {grpc.StatusCode.UNAVAILABLE}, "the new channel after a refused connection")
