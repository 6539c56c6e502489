"""Who may call what; how far a role reaches is for the use case to say."""

from chassis.auth import PUBLIC

_OFFICE = ("coordinator",)
_READERS = ("coordinator", "operator", "auditor")
_CHECKERS = ("operator", "auditor")

ACCESS: dict[str, tuple[str, ...]] = {
    "SubscriberService/Subscribe": _OFFICE,
    "SubscriberService/GetSubscriber": _READERS,
    "SubscriberService/ListSubscribers": _READERS,
    "SubscriberService/CountSubscribers": _READERS,
    "SubscriberService/EraseSubscriber": ("coordinator", "operator"),
    "AnnouncementService/CreateAnnouncement": _OFFICE,
    "AnnouncementService/UpdateAnnouncement": _OFFICE,
    "AnnouncementService/ScheduleAnnouncement": _OFFICE,
    "AnnouncementService/PublishAnnouncement": _OFFICE,
    "AnnouncementService/WithdrawAnnouncement": _OFFICE,
    "AnnouncementService/GetAnnouncement": PUBLIC,
    "AnnouncementService/ListAnnouncements": PUBLIC,
    "NotificationService/GetNotification": _CHECKERS,
    "NotificationService/ListNotifications": _CHECKERS,
    "NotificationService/CountNotifications": _CHECKERS,
}
