"""Spans reach a collector, and hold no words of an error; without an endpoint a traceparent is only passed on."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import add_TraceServiceServicer_to_server

from chassis import tracing
from chassis.envelope import Cause
from chassis.ports import Role
from chassis.store import StoreTransaction
from tests.support.city import eventually
from tests.support.client import refused
from tests.support.toy import Toy

TREASURER = Role("treasurer")
FIRST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector:
    """An OTLP receiver that keeps what it gets."""

    def __init__(self) -> None:
        self.requests: list[pb.ExportTraceServiceRequest] = []

    async def Export(  # noqa: N802 - the rpc's name
        self, request: pb.ExportTraceServiceRequest, context: Any
    ) -> pb.ExportTraceServiceResponse:
        self.requests.append(request)
        return pb.ExportTraceServiceResponse()

    async def has(self, *names: str) -> bool:
        """An exporter that ends is waited for a second, and goes on when that was too short."""
        return set(names) <= {span.name for span in self.spans()}

    def spans(self) -> list[Any]:
        return [s for r in self.requests for of in r.resource_spans for scope in of.scope_spans for s in scope.spans]


@pytest_asyncio.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    kept = Collector()
    server = grpc.aio.server()
    add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]  # generated without types
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    tracing.set_up("toy", "test")
    yield kept
    await tracing.shut_down()
    await server.stop(None)


async def test_spans_reach_the_collector_and_hold_no_words_of_an_error(toy: Toy, collector: Collector) -> None:
    pot = (await toy.started.call("PotService/AddPot", {"region": "114009"}, TREASURER, traceparent=FIRST)).pot.id
    assert await toy.started.running.relay.flush(10)
    with refused("BUG"):
        await toy.started.call("PotService/BreakPot", {"pot_id": pot}, TREASURER)
    await tracing.shut_down()
    broken_call = "kiezwerk.toy.v1.PotService/BreakPot"
    await eventually(
        lambda: collector.has("kiezwerk.toy.v1.PotService/AddPot", "transaction", "publish TOY", broken_call)
    )
    spans = {span.name: span for span in collector.spans()}
    assert spans["publish TOY"].trace_id.hex() == FIRST.split("-")[1]
    broken = spans[broken_call]
    assert {a.key: a.value.string_value for a in broken.attributes}["error.type"] == "ZeroDivisionError"
    said = b"".join(request.SerializeToString() for request in collector.requests)
    assert b"secret" not in said
    assert b"kiezwerk" in said
    service = next(a for a in collector.requests[0].resource_spans[0].resource.attributes if a.key == "service.name")
    assert service.value.string_value == "toy"


async def test_a_timer_has_a_trace_of_its_own_that_is_linked_to_the_one_that_set_it(
    toy: Toy, collector: Collector
) -> None:
    pot = await toy.add()

    async def set_timer(tx: StoreTransaction) -> None:
        tx.set_timer(pot.id, "tick", tx.at)

    await toy.store.transact(set_timer, cause=Cause("trail-of-a-timer", traceparent=FIRST))

    registry = toy.started.running.service.metrics.registry
    labels = {"purpose": "tick", "outcome": "fired"}

    async def fired() -> bool:
        # Counted in one step with the end of the span; `toy.fired` is earlier.
        return bool(registry.get_sample_value("kiez_timers_fired_total", labels))

    await eventually(fired)
    await tracing.shut_down()
    await eventually(lambda: collector.has("timer tick"))
    timer = next(span for span in collector.spans() if span.name == "timer tick")
    assert timer.trace_id.hex() != FIRST.split("-")[1]
    assert [link.trace_id.hex() for link in timer.links] == [FIRST.split("-")[1]]
    assert (await toy.started.said(pot.id))[-1].headers["ce-correlationid"] == "trail-of-a-timer"


@pytest.mark.parametrize(("given", "passed_on"), [(FIRST, FIRST), ("00-" + "0" * 52, None), ("nonsense", None)])
async def test_without_an_endpoint_a_readable_traceparent_is_passed_on(
    toy: Toy, given: str, passed_on: str | None
) -> None:
    pot = (await toy.started.call("PotService/AddPot", {"region": "114009"}, TREASURER, traceparent=given)).pot.id
    assert (await toy.started.published(pot))[0].headers.get("traceparent") == passed_on
