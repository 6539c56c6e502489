"""Decide to write: to one person, or to all who follow a region; whatever is heard twice is written once."""

from dataclasses import replace
from datetime import timedelta

from chassis.ports import Transaction
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.notification import News, Notification, Recipient
from services.notify.domain.subscription import NewsKind
from services.notify.usecases.clock import MachineClock
from services.notify.usecases.ports import Broadcasts, Notifications


class LetterUseCases:
    """`max_age`: what happened longer ago only informs, so that replaying the log writes to nobody."""

    def __init__(
        self, notifications: Notifications, broadcasts: Broadcasts, machine_now: MachineClock, max_age: timedelta
    ) -> None:
        self._notifications, self._broadcasts = notifications, broadcasts
        self._machine_now, self._max_age = machine_now, max_age

    async def write_to(self, tx: Transaction, recipient: Recipient, news: News) -> None:
        """Queue one letter."""
        if self._is_old(tx, news):
            return
        notification = Notification.queue(replace(news, trail=tx.trail), recipient, tx.at, self._machine_now())
        if await self._notifications.find(notification.id, tx) is None:
            await self._notifications.add(tx, notification)

    async def write_to_followers(self, tx: Transaction, kind: NewsKind, regions: tuple[str, ...], news: News) -> None:
        """Start a broadcast; it is carried on in batches afterwards."""
        if self._is_old(tx, news):
            return
        broadcast = Broadcast.start(kind, regions, replace(news, trail=tx.trail), tx.at)
        if await self._broadcasts.find(broadcast.id, tx) is None:
            await self._broadcasts.add(tx, broadcast)

    def _is_old(self, tx: Transaction, news: News) -> bool:
        return tx.at - news.said_at > self._max_age
