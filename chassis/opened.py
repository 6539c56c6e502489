"""What takes a while to open and must be closed: whoever is cancelled while it opens leaves nothing half open behind."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Longer than a server that restarts is away: nats-py waits for ever for the end of a first handshake that failed.
OPENING_SECONDS = 20.0


class Opened(Generic[T]):
    """Opens once for all who ask, and again after it failed; `seconds` is how long closing waits for an opening."""

    def __init__(self, opening: Callable[[], Coroutine[Any, Any, T]], seconds: float = 0.5) -> None:
        self._opening, self._seconds = opening, seconds
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Raises what opening raises, and TimeoutError when it takes over 20 s. Cancelling who waits does not cut the opening off."""
        if self._task is None or (self._task.done() and self.now is None):
            self._task = asyncio.create_task(self._open())
        return await asyncio.shield(self._task)

    async def _open(self) -> T:
        async with asyncio.timeout(OPENING_SECONDS):
            return await self._opening()

    @property
    def now(self) -> T | None:
        """It, if it is open."""
        task = self._task
        if task is None or not task.done() or task.cancelled() or task.exception() is not None:
            return None
        return task.result()

    async def settled(self) -> T | None:
        """It, for closing; what does not open in time is given up."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=self._seconds)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        return self.now
