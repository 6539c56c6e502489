"""NotificationService."""

from chassis.rpc import Api, query
from services.notify.usecases import UseCases
from services.notify.usecases.notification import CountNotifications, GetNotification, ListNotifications


def notification_api(do: UseCases) -> Api:
    use = do.notifications
    return Api(
        "kiezwerk.notify.v1.NotificationService",
        query("GetNotification", GetNotification, use.get_notification, "notification"),
        query("ListNotifications", ListNotifications, use.list_notifications, "notifications"),
        query("CountNotifications", CountNotifications, use.count_notifications),
    )
