"""A TCP proxy that a test puts between two parties to make their network bad: slow, dumb, deaf or broken."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

HOST = "127.0.0.1"
PIECE_BYTES = 64 * 1024


class Mode(Enum):
    """What happens to what passes; `HALF` lets requests through and loses every answer."""

    OPEN = "open"
    SLOW = "slow"
    LOST = "lost"
    HALF = "half"
    REFUSED = "refused"


@dataclass(eq=False)
class Proxy:
    """Listens on `port` for one server on `target`; `mode` may be changed at any moment and holds at once.

    A connection through which something was lost is broken for good: before the mode is `OPEN` again, `reset` it.
    `cut_behind` tells a request to be the last that passes, answers included; `was_cut` is set when it has passed.
    """

    target: int
    port: int = 0
    mode: Mode = Mode.OPEN
    delay: float = 0.05
    cut_behind: Callable[[bytes], bool] | None = None
    was_cut: asyncio.Event = field(default_factory=asyncio.Event)
    _pipes: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def heal(self) -> None:
        """Let everything through again, on new connections."""
        self.mode, self.cut_behind = Mode.OPEN, None
        self.was_cut.clear()
        self.reset()

    def reset(self) -> None:
        """Break every connection at once, as a dying network does: no goodbye."""
        for writer in tuple(self._pipes):
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self.mode is not Mode.REFUSED:
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            # Either side is away, or the test is over: the other side learns it by a broken connection.
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        away, back = await asyncio.open_connection(HOST, self.target)
        self._pipes |= {writer, back}
        both = [
            asyncio.create_task(self._carry(reader, back, answers=False)),
            asyncio.create_task(self._carry(away, writer, answers=True)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            back.transport.abort()
            self._pipes -= {writer, back}

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        while piece := await source.read(PIECE_BYTES):
            if self.mode is Mode.SLOW:
                await asyncio.sleep(self.delay)
            if self.mode is Mode.LOST or (self.mode is Mode.HALF and answers):
                continue
            if self.cut_behind and not answers and self.cut_behind(piece):
                self.mode = Mode.LOST
                self.was_cut.set()
            target.write(piece)
            await target.drain()

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def a_proxy(target: int) -> AsyncIterator[Proxy]:
    """A proxy to `target` for the length of the block, on a free port."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.accept, HOST, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        with contextlib.suppress(OSError):
            await server.wait_closed()
