"""Who may call what, and how far each role reaches; the use cases hold the reach."""

from chassis.access import PUBLIC, Access, by_region, city_wide

WRITES = by_region("coordinator")
READS = by_region("coordinator", "operator", "auditor")
CHECKS = city_wide("operator", "auditor")

ACCESS: dict[str, Access] = {
    "SubscriberService/Subscribe": WRITES,
    "SubscriberService/GetSubscriber": READS,
    "SubscriberService/ListSubscribers": READS,
    "SubscriberService/CountSubscribers": READS,
    "SubscriberService/EraseSubscriber": by_region("coordinator", "operator"),
    "AnnouncementService/CreateAnnouncement": WRITES,
    "AnnouncementService/UpdateAnnouncement": WRITES,
    "AnnouncementService/ScheduleAnnouncement": WRITES,
    "AnnouncementService/PublishAnnouncement": WRITES,
    "AnnouncementService/WithdrawAnnouncement": WRITES,
    "AnnouncementService/GetAnnouncement": PUBLIC | READS,
    "AnnouncementService/ListAnnouncements": PUBLIC | READS,
    "NotificationService/GetNotification": by_region("operator", "auditor"),
    "NotificationService/ListNotifications": CHECKS,
    "NotificationService/CountNotifications": CHECKS,
}
