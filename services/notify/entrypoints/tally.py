"""How many letters are in which state, as a metric."""

import asyncio

from prometheus_client import Gauge

from chassis.clock import machine_seconds
from chassis.metrics import Metrics
from chassis.ports import Caller, Role
from services.notify.usecases.notification import CountNotifications, NotificationUseCases

SELF = Caller("tally", (Role("operator"),))
PAUSE_SECONDS = 5.0
SHARE = 0.02


class Tally:
    """Counts every few seconds; where counting takes long, so seldom that it takes a fiftieth of the time at most."""

    def __init__(self, notifications: NotificationUseCases, metrics: Metrics) -> None:
        self._notifications = notifications
        self._letters = Gauge(
            "kiez_notifications", "Letters by state: queued, sending, delivered, failed, dropped.", ["status"],
            registry=metrics.registry,
        )  # fmt: skip
        self._broadcasts = Gauge(
            "kiez_broadcasts_running", "Broadcasts that have not reached all recipients yet.", registry=metrics.registry
        )

    async def run(self) -> None:
        while True:
            started = machine_seconds()
            await self.count()
            await asyncio.sleep(max(PAUSE_SECONDS, (machine_seconds() - started) / SHARE))

    async def count(self) -> None:
        counts = await self._notifications.count_notifications(CountNotifications(), SELF)
        self._broadcasts.set(counts.pop("broadcasts"))
        for status, number in counts.items():
            self._letters.labels(status).set(number)
