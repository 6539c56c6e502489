"""The connections of HTTP: who asks nothing goes, so that there is room for who does."""

import asyncio
from contextlib import contextmanager
from typing import Any

from uvicorn import Server as UvicornServer
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from chassis.clock import machine_seconds
from chassis.limits import Limits

MOST = 500
MOST_OF_ONE = 100
# As gRPC's.
HANDSHAKE_SECONDS = 10.0
# From the connection, or the last answer, to the whole head of a request.
ASKING_SECONDS = 10.0
# For what was answered and is not taken.
TAKING_SECONDS = 300.0


def protocol(limits: Limits) -> type[asyncio.Protocol]:
    """What uvicorn is to speak on each connection."""

    class Patient(Connection):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(limits, *args, **more)

    return Patient


class Connection(H11Protocol):
    """HTTP on one connection, closed when it asks nothing for `ASKING_SECONDS`, when it does not take its answer, or when all are
    taken and it has been silent the longest.

    uvicorn has no limit of time before the first request, and counts the silent among those who ask.
    """

    def __init__(self, limits: Limits, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._limits = limits
        self.key = ""
        self._silent_since = 0.0
        self._closing: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.key = self._limits.key(self.client[0] if self.client else "")
        if not self._has_room():
            transport.abort()
            return
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._leaving = self.loop.call_later(TAKING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_leaving()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_closing()
        self._stop_leaving()

    @property
    def silent_since(self) -> float:
        """On the machine's clock; infinite while a request is carried out."""
        return self._silent_since if self._closing else float("inf")

    def _has_room(self) -> bool:
        # uvicorn keeps connections of all its protocols in one set; here all are of this one.
        others = [one for one in self.connections if isinstance(one, Connection) and one is not self]
        if self.key and sum(one.key == self.key for one in others) >= MOST_OF_ONE:
            return False
        if len(others) < MOST:
            return True
        longest = min(others, key=lambda one: one.silent_since)
        if longest.silent_since == float("inf"):
            return False
        longest.transport.abort()
        return True

    def _look(self) -> None:
        """Begin to count when it is silent, and leave off when it asks."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle and not cycle.response_complete:
            self._stop_closing()
        elif self._closing is None and not self.transport.is_closing():
            self._silent_since = machine_seconds()
            self._closing = self.loop.call_later(ASKING_SECONDS, self._end)

    def _end(self) -> None:
        """Say what is still to be said, and go; whoever does not take it is not waited for."""
        self.transport.close()
        self._closing = self.loop.call_later(ASKING_SECONDS, self.transport.abort)

    def _stop_leaving(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _stop_closing(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None


class Server(UvicornServer):
    """uvicorn's, with a limit of time for a TLS handshake: uvicorn leaves a silent one a minute, and counts none of them."""

    @contextmanager
    def capture_signals(self) -> Any:
        # The process has one place that answers signals, and it is not this one.
        yield

    async def startup(self, sockets: Any = None) -> None:
        config = self.config

        def protocol() -> Any:
            kind: Any = config.http_protocol_class
            return kind(config=config, server_state=self.server_state, app_state=self.lifespan.state)

        limit = HANDSHAKE_SECONDS if config.ssl else None
        listening = await asyncio.get_running_loop().create_server(
            protocol, config.host, config.port, backlog=config.backlog, ssl=config.ssl, ssl_handshake_timeout=limit
        )
        self.servers, self.started = [listening], True
