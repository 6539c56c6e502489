"""What grpcio does that we work around: each test fails when the installed version no longer does it."""

from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from tests.support.hazard import still


async def _call(deserializer: Any, data: bytes, seconds: float | None) -> tuple[grpc.StatusCode, float | None]:
    remaining: list[float | None] = []

    async def answer(request: Any, context: Any) -> bytes:
        remaining.append(context.time_remaining())
        return b""

    server = grpc.aio.server()
    method: Any = grpc.unary_unary_rpc_method_handler(answer, request_deserializer=deserializer)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("hazard", {"Ask": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        invoke: Any = channel.unary_unary("/hazard/Ask")
        call = invoke(data, timeout=seconds)
        code = await call.code()
    await server.stop(None)
    return code, remaining[0] if remaining else None


async def test_still_unreadable_bytes_end_in_unknown_before_any_handler() -> None:
    code, _ = await _call(health_pb2.HealthCheckRequest.FromString, b"\xff\xff", 5)
    still(code is grpc.StatusCode.UNKNOWN, "parsing in the chassis")


async def test_still_a_client_may_call_without_a_deadline() -> None:
    _, remaining = await _call(None, b"", None)
    still(remaining is None or remaining > 3_600, "the server's own deadline of 10 s")
