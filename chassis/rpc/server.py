"""The gRPC server of one service: tables, health, reflection, statuses, deadlines, drain."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health
from grpc_reflection.v1alpha import reflection

from chassis.clock import machine_seconds
from chassis.metrics import Metrics
from chassis.refusals import Refusal
from chassis.rpc import status
from chassis.rpc.api import Api, Rpc
from chassis.rpc.calls import Call, Calls

log = structlog.get_logger()

MARGIN_SECONDS = 0.1
OPTIONS = [
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.so_reuseport", 0),
]
MOST_CALLS = 1_000


class Server:
    """`domain` is the service's name in ErrorInfo."""

    def __init__(self, domain: str, apis: Sequence[Api], calls: Calls, metrics: Metrics) -> None:
        self._domain, self._calls, self._metrics = domain, calls, metrics
        self._table = {f"/{api.name}/{rpc.name}": (api, rpc) for api in apis for rpc in api.rpcs.values()}
        self._names = [api.name for api in apis]
        self._health = health.HealthServicer()
        self._server: Any = None

    async def start(self, address: str) -> int:
        """Listen on `host:port`; answers the port (of use with port 0)."""
        self._server = grpc.aio.server(options=OPTIONS, maximum_concurrent_rpcs=MOST_CALLS)
        self._server.add_generic_rpc_handlers((_Table(self._handler),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (*self._names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server)
        port = self._server.add_insecure_port(address)
        await self._server.start()
        await self.report(ready=True)
        return int(port)

    async def report(self, *, ready: bool) -> None:
        """Tell health checks."""
        serving = health_pb2.HealthCheckResponse.SERVING if ready else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *self._names):
            await self._health.set(name, serving)

    async def stop(self, grace: float) -> None:
        """Take no new calls, and give those under way `grace` seconds."""
        if self._server is not None:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(grace)

    def _handler(self, method: str) -> Any:
        found = self._table.get(method)
        if found is None:
            return None
        api, rpc = found

        async def serve(data: bytes, context: Any) -> bytes:
            return await self._serve(api, rpc, data, context)

        return grpc.unary_unary_rpc_method_handler(serve)

    async def _serve(self, api: Api, rpc: Rpc, data: bytes, context: Any) -> bytes:
        left = context.time_remaining()
        seconds = rpc.seconds if left is None else max(left - MARGIN_SECONDS, 0.01)
        call = Call({key: _text(value) for key, value in context.invocation_metadata() or ()}, seconds)
        correlation_id = call.correlation_id
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        started = machine_seconds()
        refused: grpc.Status | None = None
        outcome = "OK"
        try:
            async with asyncio.timeout(seconds):
                answer = await self._calls.answer(api, rpc, data, call, correlation_id)
            said = ",".join(f"{aggregate}={seq}" for aggregate, seq in answer.sequences.items())
            context.set_trailing_metadata((("kiez-correlation-id", correlation_id), ("kiez-seq", said)))
            return answer.response
        except Refusal as refusal:
            refused, outcome = status.of_refusal(refusal, self._domain), refusal.reason
            self._metrics.refusals.labels(refusal.reason).inc()
        except TimeoutError:
            refused, outcome = status.of_deadline(self._domain), "DEADLINE"
        except Exception as error:
            refused, outcome = status.of_bug(correlation_id, self._domain), "BUG"
            self._metrics.bugs.labels("rpc").inc()
            log.error("a call met a bug", rpc=rpc.name, exc_info=error)
        finally:
            self._metrics.calls.labels(rpc.name, outcome if outcome in {"OK", "BUG", "DEADLINE"} else "REFUSED").inc()
            self._metrics.latency.labels(rpc.name).observe(machine_seconds() - started)
            log.debug("call", rpc=rpc.name, outcome=outcome)
        await context.abort_with_status(refused)
        raise AssertionError("abort_with_status raises")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode(errors="replace")


class _Table(grpc.GenericRpcHandler):
    """Looks a method up; no deserializer, since unreadable bytes must end in a refusal of ours and not in UNKNOWN."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        self._find = find

    def service(self, handler_call_details: Any) -> Any:
        return self._find(handler_call_details.method)
