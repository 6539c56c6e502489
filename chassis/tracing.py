"""Spans of OpenTelemetry where an endpoint is set; without one nothing is made, and a caller's traceparent is passed on.

Names and attributes are those of OpenTelemetry's semantic conventions. No attribute holds an error's words, a subject that names a region, or anything of a person.
"""

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from chassis.refusals import Refusal, Unavailable

Attributes = Mapping[str, str | int]
SHUT_SECONDS = 1.0
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


class Kind(StrEnum):
    """On which side of what a span is."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class Span:
    """One piece of work. `traceparent` is what goes to whoever does the next one; "" when there is no trace."""

    __slots__ = ("_inner", "traceparent")

    def __init__(self, traceparent: str, inner: Any = None) -> None:
        self.traceparent, self._inner = traceparent, inner

    def note(self, attributes: Attributes) -> None:
        if self._inner is not None:
            self._inner.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        """`kind` is a reason or the name of an exception, never its words."""
        if self._inner is not None:
            from opentelemetry.trace import StatusCode  # noqa: PLC0415 - half a second that only tracing pays

            self._inner.set_attribute("error.type", kind)
            self._inner.set_status(StatusCode.ERROR)


_provider: Any = None
_tracer: Any = None
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def set_up(service: str, installation: str, *, processor: Any = None) -> None:
    """Make spans from here on, and bring them to the endpoint by OTLP over gRPC, as the OTEL_… variables say.

    `processor` is OpenTelemetry's SpanProcessor to use in place of that.
    """
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above

    global _provider, _tracer  # noqa: PLW0603 - a process has one, as it has one log
    about = {"service.name": service, "service.namespace": "kiezwerk", "deployment.environment.name": installation}
    _provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
    _provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("kiezwerk")


async def shut_down() -> None:
    """Bring out what waits, and make no more spans."""
    global _provider, _tracer
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        # Its own thread, which the process does not wait for: a collector that is away must not hold up an end.
        bringing_out = threading.Thread(target=provider.shutdown, daemon=True)
        bringing_out.start()
        await asyncio.to_thread(bringing_out.join, SHUT_SECONDS)


def about_message(stream: str, operation: str, kind: str, headers: Mapping[str, str]) -> Attributes:
    """The attributes of a message that is sent or processed; its subject is left out, for it names a region."""
    return {
        "messaging.system": "nats",
        "messaging.destination.name": stream,
        "messaging.operation.name": operation,
        "messaging.operation.type": kind,
        "messaging.message.id": headers.get("ce-id", ""),
        "messaging.message.conversation_id": headers.get("ce-correlationid", ""),
        "cloudevents.event_id": headers.get("ce-id", ""),
        "cloudevents.event_type": headers.get("ce-type", ""),
    }


@contextmanager
def silent() -> Iterator[None]:
    """Nothing that the block does is traced, whatever is set up."""
    before = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(before)


@contextmanager
def span(name: str, kind: Kind, about: Attributes, *, parent: str = "", link: str = "") -> Iterator[Span]:
    """Do the block as one piece of work, below `parent` or else below the one around it; `link` is what it came from.

    A refusal is no error of the service that refuses, but for UNAVAILABLE.
    """
    parent = parent if _TRACEPARENT.fullmatch(parent) else ""
    if _tracer is None or _silent.get():
        yield Span(parent)
        return
    with _started(name, kind, about, parent, link) as made:
        try:
            yield made
        except Refusal as refusal:
            made.note({"error.type": refusal.reason})
            if isinstance(refusal, Unavailable):
                made.fail(refusal.reason)
            raise
        except BaseException as error:
            made.fail(type(error).__name__)
            raise


@contextmanager
def _started(name: str, kind: Kind, about: Attributes, parent: str, link: str) -> Iterator[Span]:
    from opentelemetry import trace  # noqa: PLC0415 - as above

    linked = _context(link)
    with _tracer.start_as_current_span(
        name,
        context=trace.set_span_in_context(trace.NonRecordingSpan(_context(parent))) if parent else None,
        kind=trace.SpanKind[kind.value],
        attributes=about,
        links=[trace.Link(linked)] if linked else None,
        record_exception=False,
        set_status_on_exception=False,
    ) as inner:
        own = inner.get_span_context()
        yield Span(f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags:02x}", inner)


def _context(traceparent: str) -> Any:
    """The remote span that a traceparent names; None when it names none."""
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415 - as above

    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
