"""One correlation id and one trace from a call, through messages and timers, to the mail."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from chassis import tracing
from chassis.ports import new_id
from tests.support.city import City, Started, eventually
from tests.support.funds import OFFICE, REGION, a_pot
from tests.support.funds_round import APPLICANT, a_call
from tests.support.notify import MailServer, Neighbours, a_follower, a_mail_server, settings_around

FIRST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(slots=True)
class Town:
    """Three services that hear of one another, and where their mail goes."""

    funds: Started
    events: Started
    notify: Started
    mails: MailServer


@pytest_asyncio.fixture(scope="module")
async def town(city: City) -> AsyncIterator[Town]:
    async with a_mail_server() as mails, city.service("funds") as funds:
        around = settings_around(mails, Neighbours(port=funds.running.grpc_port))
        url = "https://kalender.example"
        async with city.service("events", public_url=url) as events, city.service("notify", **around) as notify:
            yield Town(funds, events, notify, mails)


@contextmanager
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as entries:
        yield entries


def of(entries: list[Any], trail: str) -> set[str]:
    """Which kinds of entries have this correlation id: the name, and by whom where several services write it."""
    return {f"{e['event']} {e.get('durable', '')}".strip() for e in entries if e.get("correlation_id") == trail}


async def test_what_a_call_sets_off_is_found_by_its_correlation_id_up_to_the_mail(town: Town) -> None:
    email = await a_follower(town.notify, town.mails, REGION)
    pot = await a_pot(town.funds)
    trail = f"trail-{new_id()}"
    today = (await town.funds.now()).date().isoformat()
    plan = {"budget_id": pot.budget_id, "name": "Erste Runde", "opens_on": today, "closes_on": "2199-01-01"}
    with logged() as entries:
        answer = await town.funds.call("RoundService/PlanRound", plan, OFFICE, kiez_correlation_id=trail)

        async def in_the_mail() -> bool:
            # Rounds that other tests planned open in their own time, and are news to this follower too.
            return any(mail["X-Kiezwerk-Correlation"] == trail for mail in town.mails.to(email))

        await eventually(in_the_mail)

        async def in_all_logs() -> bool:
            wanted = {"call", "a timer fired", "message events-funds", "message notify-funds", "letter"}
            return wanted <= of(entries, trail)

        await eventually(in_all_logs)
    said = await town.funds.published(answer.round.id)
    assert {"round_planned", "round_opened"} <= {message.fact for message in said}
    assert {message.headers["ce-correlationid"] for message in said} == {trail}
    entry = await town.events.running.service.store.rows("outbox").find_one({"headers.ce-correlationid": trail})
    assert entry["headers"]["ce-causationid"] in {message.headers["ce-id"] for message in said}


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    tracing.set_up("town", "test", processor=SimpleSpanProcessor(kept))
    yield kept
    kept.clear()


async def test_one_trace_leads_from_the_call_to_the_mail_and_names_nobody(
    town: Town, spans: InMemorySpanExporter
) -> None:
    call = await a_call(town.funds, seats=0)
    draft = await call.draft()
    email = f"{new_id()}@example.org"
    submit = {"application_id": draft.id, "contact_name": "Anna Beispiel", "contact_email": email}
    spans.clear()
    try:
        await town.funds.call("ApplicationService/SubmitApplication", submit, APPLICANT, sub="anna", traceparent=FIRST)
        await town.mails.mail_to(email)

        async def delivered() -> bool:
            ended = spans.get_finished_spans()
            return any(span.name == "deliver letter" and trace_of(span) == FIRST.split("-")[1] for span in ended)

        await eventually(delivered)
    finally:
        await tracing.shut_down()
    found = [span for span in spans.get_finished_spans() if trace_of(span) == FIRST.split("-")[1]]
    line = list(reversed(ancestors(next(span for span in found if span.name == "send mail"), found)))
    assert [(span.name, span.kind) for span in line] == [
        ("kiezwerk.funds.v1.ApplicationService/SubmitApplication", SpanKind.SERVER),
        ("transaction", SpanKind.INTERNAL),
        ("publish FUNDS", SpanKind.PRODUCER),
        ("process FUNDS", SpanKind.CONSUMER),
        ("transaction", SpanKind.INTERNAL),
        ("deliver letter", SpanKind.INTERNAL),
        ("send mail", SpanKind.CLIENT),
    ]
    asked = [span for span in found if span.name == "kiezwerk.funds.v1.ContactService/ResolveContact"]
    assert {span.kind for span in asked} == {SpanKind.CLIENT, SpanKind.SERVER}
    heard = line[3]
    assert heard.attributes is not None
    assert heard.attributes["messaging.consumer.group.name"] == "notify-funds"
    assert heard.attributes["cloudevents.event_type"] == "kiezwerk.funds.v1.application_submitted"
    assert not any(word in span.to_json() for span in found for word in ("Anna", "anna", email, "example.org"))


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def ancestors(span: ReadableSpan, found: list[ReadableSpan]) -> list[ReadableSpan]:
    """The span, what it is below, and so on up to the one below the caller's own."""
    line = [span]
    while line[-1].parent is not None and (above := by_id(line[-1].parent.span_id, found)) is not None:
        line.append(above)
    return line


def by_id(span_id: int, found: list[ReadableSpan]) -> ReadableSpan | None:
    return next((span for span in found if span.context is not None and span.context.span_id == span_id), None)
