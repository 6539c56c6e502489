"""The gRPC server of one service: tables, health, reflection, statuses, deadlines, drain."""

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from chassis import tracing
from chassis.clock import machine_seconds
from chassis.idempotency import Answer
from chassis.metrics import Metrics
from chassis.refusals import Refusal
from chassis.rpc import status
from chassis.rpc.api import Api, Rpc
from chassis.rpc.calls import Call, Calls
from chassis.rpc.careful import Careful
from chassis.rpc.sent import address_of
from chassis.tls import Certificate

log = structlog.get_logger()

MARGIN_SECONDS = 0.1
LONGEST_SECONDS = 300.0
OPTIONS = [
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    # gRPC's own is two minutes, for which whoever says nothing keeps a connection.
    ("grpc.server_handshake_timeout_ms", 10_000),
    ("grpc.so_reuseport", 0),
]
# Above what `Limits` lets be under way at once, so that who has a place there is not refused here.
MOST_CALLS = 2_500
# A client takes 8 KiB of trailers; a call that spoke of more aggregates than these names the first ones.
MOST_SEQUENCES = 100


class Server:
    """`domain` is the service's name in ErrorInfo."""

    def __init__(self, domain: str, apis: Sequence[Api], calls: Calls, metrics: Metrics) -> None:
        self._domain, self._calls, self._metrics = domain, calls, metrics
        self._table = {f"/{api.name}/{rpc.name}": (api, rpc) for api in apis for rpc in api.rpcs.values()}
        self._handlers = {method: self._handler(api, rpc) for method, (api, rpc) in self._table.items()}
        for _, rpc in self._table.values():
            for answered in ("OK", *status.FAILURES):
                # From 0 on: of a counter that appears with its first count, nobody sees that it grew.
                metrics.calls.labels(rpc.name, answered)
            metrics.latency.labels(rpc.name)
        self._names = [api.name for api in apis]
        self._health = health.HealthServicer()
        self._server: Any = None

    async def start(self, address: str, certificate: Certificate | None = None) -> int:
        """Listen on `host:port`, with TLS when there is a certificate; answers the port (of use with port 0)."""
        self._server = grpc.aio.server(options=OPTIONS, maximum_concurrent_rpcs=MOST_CALLS)
        self._server.add_generic_rpc_handlers((_Table(self._handlers),))
        names = (*self._names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
        careful: Any = Careful(self._server, self._calls.limits)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, careful)
        reflected = reflection.aio.ReflectionServicer(names)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(  # type: ignore[no-untyped-call]  # no stub of it
            reflected, careful
        )
        if certificate:
            port = self._server.add_secure_port(address, certificate.for_grpc())
        else:
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

    def _handler(self, api: Api, rpc: Rpc) -> Any:
        async def serve(_: Any, context: Any) -> bytes:
            return await self._serve(api, rpc, context)

        # To clients it is the same as unary; but here it begins before its request has come.
        return grpc.stream_unary_rpc_method_handler(serve)

    async def _serve(self, api: Api, rpc: Rpc, context: Any) -> bytes:
        left = context.time_remaining()
        seconds = rpc.seconds if left is None else min(max(left - MARGIN_SECONDS, 0.01), LONGEST_SECONDS)
        metadata = {key: _text(value) for key, value in context.invocation_metadata() or ()}
        call = Call(metadata, seconds, address_of(context), context.read)
        correlation_id = call.correlation_id
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        started = machine_seconds()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._answer(api, rpc, call, correlation_id)
        except asyncio.CancelledError:
            self._record(rpc, "CANCELLED", started)
            raise
        except Exception as error:
            refused = self._refusal(rpc, error, correlation_id)
            self._record(rpc, refused.code.name, started)
            await context.abort_with_status(refused)
            raise  # never reached: abort_with_status raises
        self._record(rpc, "OK", started)
        said = ",".join(f"{aggregate}={seq}" for aggregate, seq in islice(answer.sequences.items(), MOST_SEQUENCES))
        context.set_trailing_metadata((("kiez-correlation-id", correlation_id), ("kiez-seq", said)))
        return answer.response

    async def _answer(self, api: Api, rpc: Rpc, call: Call, correlation_id: str) -> Answer:
        if rpc.unrecorded:
            with tracing.silent():
                return await self._calls.answer(api, rpc, call, correlation_id)
        method = f"{api.name}/{rpc.name}"
        about = {"rpc.system.name": "grpc", "rpc.method": method, "kiez.correlation_id": correlation_id}
        given = call.metadata.get("traceparent", "")
        with tracing.span(method, tracing.Kind.SERVER, about, parent=given) as span:
            if span.traceparent != given:
                call = dataclasses.replace(call, metadata={**call.metadata, "traceparent": span.traceparent})
            try:
                answer = await self._calls.answer(api, rpc, call, correlation_id)
            except Refusal as refusal:
                span.note({"rpc.response.status_code": status.name_of(refusal)})
                raise
            span.note({"rpc.response.status_code": "OK"})
            return answer

    def _refusal(self, rpc: Rpc, error: Exception, correlation_id: str) -> grpc.Status:
        if isinstance(error, Refusal):
            self._metrics.refusals.labels(error.reason).inc()
            return status.of_refusal(error, self._domain)
        if isinstance(error, TimeoutError):
            return status.of_deadline(self._domain)
        self._metrics.bugs.labels("rpc").inc()
        log.error("a call met a bug", rpc=rpc.name, exc_info=error)
        return status.of_bug(correlation_id, self._domain)

    def _record(self, rpc: Rpc, answered: str, started: float) -> None:
        """`answered` is the name of the gRPC status that the caller got."""
        seconds = machine_seconds() - started
        self._metrics.calls.labels(rpc.name, answered).inc()
        self._metrics.latency.labels(rpc.name).observe(seconds)
        if rpc.unrecorded:
            return
        # What changed something is on record, and what failed; reads are too many for it.
        tell = log.info if rpc.writes or answered in status.FAILURES else log.debug
        tell("call", rpc=rpc.name, status=answered, milliseconds=round(seconds * 1000))


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode(errors="replace")


class _Table(grpc.GenericRpcHandler):
    """Looks a method up; no deserializer, since unreadable bytes must end in a refusal of ours and not in UNKNOWN."""

    def __init__(self, handlers: Mapping[str, Any]) -> None:
        self._handlers = handlers

    def service(self, handler_call_details: Any) -> Any:
        return self._handlers.get(handler_call_details.method)
