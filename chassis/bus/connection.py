"""The connection that publishes and asks, with this service's own stream provided before the first use."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress

import nats
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from chassis.bus import streams
from chassis.bus.address import NatsAddress
from chassis.opened import Opened

log = structlog.get_logger()

CLOSED_FOR_GOOD = 70
LOOK_SECONDS = 5.0
MOST_IN_VAIN = 6
CLOSE_SECONDS = 2.0


class Connection:
    """One of nats-py. `on_stream` is told of the stream each time before it is used, also when it was made anew."""

    def __init__(self, service: str, address: NatsAddress, *, replicas: int) -> None:
        self.service, self.address = service, address
        self._replicas = replicas
        self.is_stopping = False
        self._client = Opened(self._connect)
        self._jetstream: JetStreamContext | None = None
        self._created = ""
        self._ears: Client | None = None
        self._providing = asyncio.Lock()
        self.on_stream: Callable[[streams.Found], Awaitable[None]] = _nothing

    async def jetstream(self) -> JetStreamContext:
        """Made on first use; raises while NATS is away."""
        async with self._providing:
            if self._jetstream is None:
                js = (await self._client.get()).jetstream(timeout=3)
                found = await streams.provide_stream(js, self.service, self._replicas)
                await self.on_stream(found)
                self._jetstream, self._created = js, found.created
        return self._jetstream

    async def _connect(self) -> Client:
        options = self.address.for_nats(f"{self.service} relay", self.closed)
        # Nothing waits in it for a server that is away: it would be said when that is back, though another replica said it long ago.
        options |= {"pending_size": 0, "allow_reconnect": True}
        return await nats.connect(**options, error_cb=_quiet, reconnected_cb=self._reconnected)

    async def look_after_stream(self) -> None:
        """Until cancelled: a stream that was made anew is found, and filled, also by a service that has nothing to say."""
        while True:
            try:
                if await streams.created(await self.jetstream(), self.service) != self._created:
                    self.forget()
                    await self.jetstream()
            except Exception as error:
                log.debug("the stream cannot be looked at", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look_after_connection(self) -> None:
        """Until cancelled: ends the process when NATS answers whoever asks anew, and this connection does not come back by itself."""
        in_vain = 0
        while in_vain < MOST_IN_VAIN:
            await asyncio.sleep(LOOK_SECONDS)
            in_vain = in_vain + 1 if not self.is_up and await self._answers_others() else 0
        log.critical("NATS answers, and our connection to it does not come back; ending, to be started anew")
        os._exit(CLOSED_FOR_GOOD)

    async def _answers_others(self) -> bool:
        options = self.address.for_nats(f"{self.service} look", _gone) | {"allow_reconnect": False, "error_cb": _quiet}
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await (await nats.connect(**options)).close()
        except (NatsError, OSError, TimeoutError):
            return False
        return True

    async def _reconnected(self) -> None:
        # What answers now may have lost its disk.
        self.forget()

    def forget(self) -> None:
        """Look at the stream again before the next use: it seems to be gone, or another."""
        self._jetstream = None

    async def closed(self) -> None:
        """What nats-py calls when it has given a connection up, this one or FastStream's."""
        if not self.is_stopping:
            # FastStream would spin on it, and a signal would never be handled.
            log.critical("the connection to NATS is closed for good; ending, to be started anew")
            os._exit(CLOSED_FOR_GOOD)

    def watch(self, client: Client) -> None:
        """Count this one in, which FastStream has opened: what it does not hear nobody does."""
        self._ears = client

    @property
    def is_up(self) -> bool:
        client = self._client.now
        ears_are_up = self._ears is None or self._ears.is_connected
        return client is not None and client.is_connected and ears_are_up

    def stopping(self) -> None:
        """From here on a connection that closes is meant to."""
        self.is_stopping = True

    async def close(self) -> None:
        self.stopping()
        client = await self._client.settled()
        if client is not None:
            # A server that is away cannot be told goodbye, and of a handshake that failed nats-py awaits the end for ever.
            with suppress(OSError, NatsError, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await client.close()


async def _nothing(_: streams.Found) -> None:
    return None


async def _gone() -> None:
    return None


async def _quiet(error: Exception) -> None:
    log.debug("NATS", error=type(error).__name__)
