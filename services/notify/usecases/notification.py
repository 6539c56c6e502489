"""What became of the letters: for those who run the installation and those who check it."""

from dataclasses import dataclass

from chassis.fields import Id, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest
from services.notify.domain.notification import Notification, NotificationStatus
from services.notify.usecases.ports import Broadcasts, Notifications


@dataclass(frozen=True, slots=True)
class GetNotification:
    notification_id: Id


@dataclass(frozen=True, slots=True)
class ListNotifications:
    status: NotificationStatus
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class CountNotifications:
    pass


class NotificationUseCases:
    def __init__(self, notifications: Notifications, broadcasts: Broadcasts) -> None:
        self._notifications, self._broadcasts = notifications, broadcasts

    async def get_notification(self, query: GetNotification, caller: Caller) -> Notification:
        notification = await self._notifications.get(query.notification_id)
        caller.require("operator", "auditor", region=notification.region)
        return notification

    async def list_notifications(self, query: ListNotifications, caller: Caller) -> Page[Notification]:
        caller.require("operator", "auditor")
        return await self._notifications.in_status(
            query.status, PageRequest(query.page_size, query.page_token, scope=caller.sub)
        )

    async def count_notifications(self, query: CountNotifications, caller: Caller) -> dict[str, int]:
        caller.require("operator", "auditor")
        counts = {status.value: await self._notifications.count_of(status) for status in NotificationStatus}
        return counts | {"broadcasts": await self._broadcasts.count_running()}
