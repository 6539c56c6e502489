"""Notifications by state, and those that are due."""

from datetime import datetime
from typing import Any

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from services.notify.domain.notification import Notification, NotificationStatus
from services.notify.domain.template import Lane


def _derive(notification: Notification) -> dict[str, Any]:
    return {
        "open_lane": notification.lane if notification.is_open else "",
        "newest_key": f"{notification.created_at.isoformat()}:{notification.id}",
    }


class MongoNotifications(StoredAggregates[Notification]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "notifications",
            Notification,
            noun="notification",
            derive=_derive,
            indexes=(Index("open_lane", "_id"), Index("status", "newest_key")),
        )

    async def due(self, lane: Lane, now: datetime) -> tuple[Notification, ...]:
        return await self.where({"open_lane": lane, "due_at": {"$lte": now}})

    async def in_status(self, status: NotificationStatus, request: PageRequest) -> Page[Notification]:
        return await self.page({"status": status}, request, order="-newest_key")

    async def count_of(self, status: NotificationStatus) -> int:
        return await self.count({"status": status})
