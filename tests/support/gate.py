"""Where a call is stopped on its way to the store: before each of its operations in turn, known by its correlation id."""

import asyncio
import threading

from pymongo import monitoring

from chassis import logs

STOPPED_SECONDS = 20.0


class Gate(monitoring.CommandListener):
    """Stops one call in its driver's own thread: before its n-th operation, those counted that come before its transaction."""

    def __init__(self) -> None:
        self.seen = self._stop_at = 0

    def arm(self, stop_at: int, first: str, second: str = "") -> None:
        """The call with the correlation id `first` is stopped before operation `stop_at` (1 is its first)."""
        self._loop = asyncio.get_running_loop()
        self.stopped, self.met = asyncio.Event(), asyncio.Event()
        self._go = threading.Event()
        self._first, self._second = first, second
        self.seen, self._stop_at = 0, stop_at

    def release(self) -> None:
        self._stop_at = 0
        self._go.set()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        # Operations of one call follow one another: nothing else counts here at the same time.
        if not self._stop_at or logs.correlation_id() != self._first:
            return
        self.seen += 1
        if self.seen == self._stop_at:
            self._loop.call_soon_threadsafe(self.stopped.set)
            self._go.wait(STOPPED_SECONDS)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to do."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        if self._stop_at and self._second and logs.correlation_id() == self._second:
            self._loop.call_soon_threadsafe(self.met.set)


GATE = Gate()
# Before any client is made: those that are there already are not listened to.
monitoring.register(GATE)
