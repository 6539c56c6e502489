"""HTTP of one service: /livez, /readyz, /metrics, and the service's own routes."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
import uvicorn
from h11 import LocalProtocolError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from chassis import connections, logs, refusals
from chassis.clock import machine_seconds
from chassis.limits import Limits
from chassis.metrics import Metrics
from chassis.tls import Certificate

log = structlog.get_logger()

LONGEST_BODY = 256 * 1024
BODY_SECONDS = 15.0
CLOSING_SECONDS = 5.0
REMEMBERED_SECONDS = 1.0
# Writing all metrics takes a dozen milliseconds, and nobody is refused them.
EXPOSED_SECONDS = 0.25
# Whoever starts a service waits for the moment in which it is ready.
MISSING_SECONDS = 0.1
OWN_PATHS = ("/livez", "/readyz", "/metrics")
_STATUSES: dict[type[refusals.Refusal], int] = {
    refusals.Invalid: 400,
    refusals.NotFound: 404,
    refusals.Exists: 409,
    refusals.Unauthenticated: 401,
    refusals.Forbidden: 403,
    refusals.NotNow: 409,
    refusals.Stale: 409,
    refusals.Exhausted: 429,
    refusals.Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What keeps a service from its work, and what is besides not as it should be: sentences by what they are about."""

    missing: dict[str, str]
    besides: dict[str, str] = field(default_factory=dict)


Ready = Callable[[], Awaitable[Readiness]]


def status_of(refusal: refusals.Refusal) -> int:
    """The HTTP status of a refusal, for routes that show it on a page of their own."""
    return next(status for kind, status in _STATUSES.items() if isinstance(refusal, kind))


class LinkRoute(Route):
    """What lies behind a secret link; its forms are counted by the link, and not by the address that they come from."""


class Web:
    """Serves until stopped. Until `open_pages` it answers supervisors alone."""

    def __init__(self, routes: Sequence[BaseRoute], ready: Ready, metrics: Metrics, limits: Limits) -> None:
        self._ready, self._metrics, self._limits = ready, metrics, limits
        self._links = tuple(route for route in routes if isinstance(route, LinkRoute))
        own = [Route(*pair) for pair in zip(OWN_PATHS, (self._livez, self._readyz, self._expose), strict=True)]
        handlers: dict[Any, Any] = {refusals.Refusal: _refused, Exception: _bug}
        self.app = Starlette(routes=[*own, *routes], exception_handlers=handlers)
        self._readiness, self._looked_at = Readiness({}), -math.inf
        self._exposed, self._exposed_at = b"", -math.inf
        self._looking = asyncio.Lock()
        self._pages_open = False
        self._server: connections.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, address: str, certificate: Certificate | None = None) -> int:
        """Listen on `host:port`, with TLS when there is a certificate; answers the port (of use with port 0)."""
        host, _, port = address.rpartition(":")
        config = uvicorn.Config(
            self._counted(limited(self.app)), host=host, port=int(port), log_config=None, access_log=False,
            server_header=False, lifespan="off", timeout_keep_alive=10, timeout_graceful_shutdown=5,
            http=connections.protocol(self._limits),
            ssl_context_factory=(lambda *_: certificate.for_http()) if certificate else None,
        )  # fmt: skip
        self._server = connections.Server(config)
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            if self._task.done():
                await self._task
                raise OSError(f"HTTP cannot listen on {address}")
            await asyncio.sleep(0.01)
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def open_pages(self) -> None:
        self._pages_open = True

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task

    def _counted(self, app: Any) -> Any:
        """Refuses an address that asks too often; what supervisors ask for is always answered."""

        async def counted(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"] not in OWN_PATHS:
                address = (scope.get("client") or ("",))[0]
                try:
                    self._limits.page(address)
                    if scope["method"] not in {"GET", "HEAD"}:
                        self._count_form(address, scope["path"])
                    if not self._pages_open:
                        raise refusals.Unavailable("STARTING", "The service is starting; try again in a moment.")
                except refusals.Refusal as refusal:
                    self._metrics.refusals.labels(refusal.reason).inc()
                    refused = await _refused(Request(scope), refusal)
                    await refused(scope, receive, send)
                    return
            given = Headers(scope=scope).get("kiez-correlation-id", "") if scope["type"] == "http" else ""
            with logs.correlated(logs.plain_id(given)):
                await app(scope, receive, send)
                if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
                    # Never its path: it may hold the secret of a link.
                    log.info("form", page=getattr(scope.get("endpoint"), "__name__", ""))

        return counted

    def _count_form(self, address: str, path: str) -> None:
        if any(link.path_regex.match(path) for link in self._links):
            self._limits.link(address, path)
        else:
            self._limits.form(address)

    async def _livez(self, request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _found(self) -> Readiness:
        """How it was just now: however many ask, the store is asked once."""
        async with self._looking:
            remembered = MISSING_SECONDS if self._readiness.missing else REMEMBERED_SECONDS
            if machine_seconds() - self._looked_at >= remembered:
                self._readiness = await self._ready()
                self._looked_at = machine_seconds()
            return self._readiness

    async def _readyz(self, request: Request) -> Response:
        found = await self._found()
        said = {"ready": not found.missing, "missing": found.missing, "besides": found.besides}
        return JSONResponse(said, status_code=503 if found.missing else 200)

    async def _expose(self, request: Request) -> Response:
        found = await self._found()
        if machine_seconds() - self._exposed_at >= EXPOSED_SECONDS:
            self._metrics.ready.set(not found.missing)
            self._exposed, self._exposed_at = generate_latest(self._metrics.registry), machine_seconds()
        return Response(self._exposed, media_type=CONTENT_TYPE_LATEST)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = cast(refusals.Refusal, error)
    body = {"reason": refusal.reason, "sentence": refusal.sentence, "fields": refusal.fields}
    headers = {"retry-after": str(math.ceil(refusal.retry_after))} if isinstance(refusal, refusals.Exhausted) else {}
    return JSONResponse(body, status_code=status_of(refusal), headers=headers)


async def _bug(request: Request, error: Exception) -> Response:
    return JSONResponse({"reason": "BUG", "sentence": "Something went wrong here."}, status_code=500)


def limited(app: Any, seconds: float = BODY_SECONDS) -> Any:
    """Refuses bodies that are too large before anything reads them whole, and those that take longer than `seconds`."""

    async def of_http(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            # Who went away reads no answer.
            with suppress(ClientDisconnect):
                body = _Body(receive, machine_seconds() + seconds)
                await app(scope, body.receive, _unless_gone(body, send))

    return of_http


def _unless_gone(body: "_Body", send: Any) -> Any:
    async def send_if_there(message: Any) -> None:
        if not body.is_gone:
            try:
                await send(message)
            except LocalProtocolError:
                # The server has answered by itself, to what followed in the request and is no HTTP, and closes.
                await body.closed()

    return send_if_there


class _Body:
    """The body of one request as it comes, from a client that may send too much, too slowly, or go away."""

    def __init__(self, receive: Any, deadline: float) -> None:
        self._receive, self._deadline = receive, deadline
        self._taken = 0
        self._is_whole = False
        self.is_gone = False

    async def receive(self) -> Any:
        message = await (self._receive() if self._is_whole else self._in_time())
        self._taken += len(message.get("body", b""))
        if self._taken > LONGEST_BODY:
            raise refusals.Invalid("BODY_TOO_LARGE", f"Send at most {LONGEST_BODY} bytes.")
        self._is_whole = not message.get("more_body", False)
        self.is_gone = message["type"] == "http.disconnect"
        return message

    async def closed(self) -> None:
        """Return once the connection is."""
        self.is_gone = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                while (await self._receive())["type"] != "http.disconnect":
                    pass

    async def _in_time(self) -> Any:
        try:
            async with asyncio.timeout(max(self._deadline - machine_seconds(), 0)):
                return await self._receive()
        except TimeoutError:
            raise refusals.Invalid("BODY_TOO_SLOW", "The rest of the request did not come; send it again.") from None
