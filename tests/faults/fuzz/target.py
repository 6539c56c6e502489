"""What is fuzzed: all four services in this process, with real records in them, on servers of their own."""

import logging
import traceback
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from google.protobuf.message import Message

from tests.faults.fuzz.pool import Pool
from tests.faults.fuzz.stories import play
from tests.support.city import City, Started, a_city
from tests.support.client import Client
from tests.support.notify import MailServer, a_mail_server, settings_around, some_neighbours

Step = Callable[[str, bytes, str], Awaitable[bytes | None]]


class Remembering(Client):
    """A client whose accepted requests and answers the pool learns from."""

    def __init__(self, address: str, service: str, pool: Pool) -> None:
        super().__init__(address, service)
        self._pool = pool
        self.instead: Step | None = None
        """Given rpc, request and token of a call; what it answers stands for the call's own answer."""

    async def call_bytes(
        self, path: str, data: bytes, answer: type[Message], token: str, metadata: dict[str, str], seconds: float = 0.0
    ) -> Any:
        done = await self.instead(path, data, token) if self.instead else None
        if done is not None:
            return answer.FromString(done)
        response = await super().call_bytes(path, data, answer, token, metadata, seconds)
        self._pool.accepted(path, data)
        self._pool.learn(response)
        return response


@dataclass(slots=True)
class Target:
    """The running system, what the fuzzer knows of it, and the errors that it logged."""

    city: City
    services: dict[str, Started]
    clients: dict[str, Remembering]
    mails: MailServer
    pool: Pool
    errors: deque[str]


@asynccontextmanager
async def a_target(folder: Path) -> AsyncIterator[Target]:
    """Start everything, and play a little of each story."""
    pool = Pool()
    async with AsyncExitStack() as around:
        errors = around.enter_context(_listening())
        city = await around.enter_async_context(a_city(folder))
        mails = await around.enter_async_context(a_mail_server())
        neighbours = await around.enter_async_context(some_neighbours())
        more: dict[str, dict[str, Any]] = {
            "actors": {},
            "funds": {},
            "events": {"public_url": "https://kiez.test"},
            "notify": settings_around(mails, neighbours),
        }
        services, clients = {}, {}
        for name, settings in more.items():
            started = await around.enter_async_context(city.service(name, **settings))
            started.client = clients[name] = Remembering(f"127.0.0.1:{started.running.grpc_port}", name, pool)
            services[name] = started
            around.push_async_callback(started.client.channel.close)
        target = Target(city, services, clients, mails, pool, errors)
        await play(services, mails)
        yield target


@contextmanager
def _listening() -> Iterator[deque[str]]:
    """Keep what is logged as an error, and nothing else: a long run would drown in it."""
    errors: deque[str] = deque(maxlen=200)

    def keep(logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        if method in {"error", "critical", "exception"}:
            error = event.pop("exc_info", None)
            frames = traceback.format_tb(error.__traceback__)[-3:] if isinstance(error, BaseException) else []
            errors.append(f"{dict(event)} {error!r:.500} {''.join(frames)}")
        raise structlog.DropEvent

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(f"{record.name}: {logging.Formatter().format(record)[-1_500:]}")

    kept = Keep(logging.ERROR)
    # Else what uvicorn says of each broken request goes to the terminal.
    uvicorn_log = logging.getLogger("uvicorn.error")
    level = uvicorn_log.level
    uvicorn_log.setLevel(logging.ERROR)
    logging.getLogger().addHandler(kept)
    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    try:
        yield errors
    finally:
        structlog.configure(**before)
        logging.getLogger().removeHandler(kept)
        uvicorn_log.setLevel(level)
