"""Carry broadcasts on: a batch of recipients each time, with its cursor in the same transaction."""

from bisect import bisect_right

from chassis.ports import Transaction
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.notification import Notification, Recipient, Source
from services.notify.usecases.clock import MachineClock
from services.notify.usecases.ports import Broadcasts, Notifications, Subscribers

READ_AHEAD = 20_000


class BroadcastUseCases:
    """`batch` is how many recipients one transaction queues.

    They are read ahead, for the store sorts all who follow a region each time it is asked for the next of them.
    """

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
        self._ahead: tuple[tuple[str, str], tuple[str, ...]] = ("", ""), ()

    async def running_broadcasts(self) -> tuple[Broadcast, ...]:
        return await self._broadcasts.running()

    async def carry_on_broadcast(self, tx: Transaction, broadcast_id: str) -> None:
        """Queue the letters of the next batch; who is found under two keys is queued once."""
        broadcast = await self._broadcasts.get(broadcast_id, tx)
        found = 0
        while not broadcast.is_done and not found:
            recipients, are_the_last = await self._next(broadcast)
            found = len(recipients)
            queued = await self._queue(tx, broadcast, recipients)
            broadcast = broadcast.carry_on("" if are_the_last else recipients[-1], queued)
        await self._broadcasts.save(tx, broadcast)

    async def _next(self, broadcast: Broadcast) -> tuple[tuple[str, ...], bool]:
        """The subscribers of the next batch, and whether nobody is behind them."""
        place = (broadcast.id, broadcast.keys[0])
        ids = self._ahead[1] if self._ahead[0] == place else ()
        start = bisect_right(ids, broadcast.after)
        if start >= len(ids):
            ids, start = await self._subscribers.hearing(broadcast.keys[0], broadcast.after, READ_AHEAD), 0
            self._ahead = place, ids
        end = start + self._batch
        return ids[start:end], end >= len(ids) and len(ids) < READ_AHEAD

    async def _queue(self, tx: Transaction, broadcast: Broadcast, recipients: tuple[str, ...]) -> int:
        now = self._machine_now()
        letters = [Notification.queue(broadcast.news, Recipient(Source.NOTIFY, id), tx.at, now) for id in recipients]
        known = await self._notifications.existing((n.id for n in letters), tx)
        fresh = [n for n in letters if n.id not in known]
        await self._notifications.add_all(tx, fresh)
        return len(fresh)
