"""Carry broadcasts on: a batch of recipients each time, with its cursor in the same transaction."""

from chassis.ports import PageRequest, Transaction
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.notification import Notification, Recipient, Source
from services.notify.domain.subscriber import Subscriber
from services.notify.usecases.clock import MachineClock
from services.notify.usecases.ports import Broadcasts, Notifications, Subscribers


class BroadcastUseCases:
    """`batch` is how many recipients one transaction queues."""

    def __init__(
        self,
        broadcasts: Broadcasts,
        subscribers: Subscribers,
        notifications: Notifications,
        machine_now: MachineClock,
        batch: int,
    ) -> None:
        self._broadcasts, self._subscribers, self._notifications = broadcasts, subscribers, notifications
        self._machine_now, self._batch = machine_now, batch

    async def running_broadcasts(self) -> tuple[Broadcast, ...]:
        return await self._broadcasts.running()

    async def carry_on_broadcast(self, tx: Transaction, broadcast_id: str) -> None:
        """Queue the letters of the next batch; who is found under two keys is queued once."""
        broadcast = await self._broadcasts.get(broadcast_id, tx)
        found = 0
        while not broadcast.is_done and not found:
            page = await self._subscribers.hearing(broadcast.keys[0], PageRequest(self._batch, broadcast.page_token))
            found = len(page.items)
            queued = await self._queue(tx, broadcast, page.items)
            broadcast = broadcast.carry_on(page.next_page_token, queued)
        await self._broadcasts.save(tx, broadcast)

    async def _queue(self, tx: Transaction, broadcast: Broadcast, recipients: tuple[Subscriber, ...]) -> int:
        now = self._machine_now()
        letters = [Notification.queue(broadcast.news, Recipient(Source.NOTIFY, s.id), tx.at, now) for s in recipients]
        known = {n.id for n in await self._notifications.many((n.id for n in letters), tx)}
        fresh = [n for n in letters if n.id not in known]
        await self._notifications.add_all(tx, fresh)
        return len(fresh)
