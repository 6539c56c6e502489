"""What a client may do to the HTTP server with the body of a request."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from h11 import LocalProtocolError
from prometheus_client import CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis import connections, http
from chassis.http import LONGEST_BODY, Readiness, Web, limited
from chassis.limits import Limits
from chassis.metrics import Metrics
from tests.support.city import eventually


async def _ready() -> Any:
    raise NotImplementedError


async def _count(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def an_app(seconds: float = 5.0) -> Any:
    limits = Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)
    web = Web([Route("/form", _count, methods=["POST"])], _ready, Metrics(), limits)
    return limited(web.app, seconds)


async def sent(app: Any, body: AsyncIterator[bytes] | bytes) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        return await browser.post("/form", content=body)


async def test_a_body_within_the_limit_is_read() -> None:
    assert (await sent(an_app(), b"x" * LONGEST_BODY)).text == str(LONGEST_BODY)


async def test_a_body_above_the_limit_is_refused() -> None:
    answer = await sent(an_app(), b"x" * (LONGEST_BODY + 1))
    assert (answer.status_code, answer.json()["reason"]) == (400, "BODY_TOO_LARGE")


async def test_a_body_whose_end_never_comes_is_refused_after_its_time() -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"email="
        await asyncio.Event().wait()

    answer = await sent(an_app(seconds=0.05), stalling())
    assert (answer.status_code, answer.json()["reason"]) == (400, "BODY_TOO_SLOW")


@pytest.mark.parametrize("first", [[], [{"type": "http.request", "body": b"email=", "more_body": True}]])
async def test_nothing_is_sent_to_who_went_away(first: list[dict[str, Any]]) -> None:
    messages: Iterator[Any] = iter([*first, {"type": "http.disconnect"}])
    answers: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/form", "headers": [], "query_string": b"", "root_path": ""}
    await an_app()(scope, receive, send)
    assert answers == []


async def test_a_server_that_has_answered_by_itself_is_no_bug_of_the_page() -> None:
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        raise LocalProtocolError("the connection is over")

    scope = {"type": "http", "method": "POST", "path": "/form", "headers": [], "query_string": b"", "root_path": ""}
    await an_app()(scope, receive, send)
    assert list(messages) == []


async def test_however_many_ask_whether_it_is_ready_it_is_found_out_once_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert http.REMEMBERED_SECONDS == 1.0
    # A busy machine takes longer than that for so many.
    monkeypatch.setattr(http, "REMEMBERED_SECONDS", 60.0)
    looks = []

    async def look() -> Readiness:
        looks.append(1)
        await asyncio.sleep(0)
        return Readiness({"store": "does not answer"} if len(looks) > 1 else {})

    limits = Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)
    app = Web([], look, Metrics(), limits).app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        answers = await asyncio.gather(*(browser.get(path) for path in ("/readyz", "/metrics") * 20))
        assert {answer.status_code for answer in answers} == {200}
        assert len(looks) == 1
        monkeypatch.setattr(http, "REMEMBERED_SECONDS", 0.0)
        assert (await browser.get("/readyz")).status_code == 503


async def test_however_many_ask_for_metrics_they_are_written_four_times_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert http.EXPOSED_SECONDS == 0.25
    # A busy machine takes longer than that for so many.
    monkeypatch.setattr(http, "EXPOSED_SECONDS", 60.0)
    written = []

    async def look() -> Readiness:
        return Readiness({})

    def write(registry: CollectorRegistry) -> bytes:
        written.append(1)
        return generate_latest(registry)

    monkeypatch.setattr(http, "generate_latest", write)
    limits = Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)
    app = Web([], look, Metrics(), limits).app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        answers = await asyncio.gather(*(browser.get("/metrics") for _ in range(20)))
        assert all("kiez_outbox_unpublished" in answer.text for answer in answers)
        assert len(written) == 1
        monkeypatch.setattr(http, "EXPOSED_SECONDS", 0.0)
        await browser.get("/metrics")
        assert len(written) == 2


async def test_an_address_that_is_taken_is_an_error_of_the_start_and_ends_nothing_else() -> None:
    limits = Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)
    first, second = Web([], _ready, Metrics(), limits), Web([], _ready, Metrics(), limits)
    port = await first.start("127.0.0.1:0")
    with pytest.raises(OSError, match="address already in use"):
        await second.start(f"127.0.0.1:{port}")
    await first.stop()


async def test_that_it_is_ready_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MISSING_SECONDS", 0.0)
    found = iter((Readiness({"service": "is starting"}), Readiness({})))

    async def look() -> Readiness:
        return next(found)

    app = Web([], look, Metrics(), Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)).app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        assert [(await browser.get("/readyz")).status_code for _ in range(3)] == [503, 200, 200]


async def test_who_does_not_take_the_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "TAKING_SECONDS", 0.1)

    async def much(request: Request) -> Response:
        return PlainTextResponse("x" * 50_000_000)

    limits = Limits(calls_per_second=0, open_calls_per_second=0, posts_per_minute=0)
    web = Web([Route("/much", much)], _ready, Metrics(), limits)
    web.open_pages()
    reader, writer = await asyncio.open_connection("127.0.0.1", await web.start("127.0.0.1:0"), limit=1_000)
    writer.write(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n")
    await reader.readexactly(4)

    async def is_gone() -> bool:
        assert web._server is not None
        return not web._server.server_state.connections

    await eventually(is_gone)
    writer.transport.abort()
    await web.stop()
