"""All that notify says."""

from services.notify.messages.published.announcement import AnnouncementPublished, AnnouncementWithdrawn
from services.notify.messages.published.notification import NotificationFailed
from services.notify.messages.published.subscriber import (
    SubscriberConfirmed,
    SubscriberSuppressed,
    SubscriberUnsubscribed,
)

PUBLISHED = (
    AnnouncementPublished,
    AnnouncementWithdrawn,
    NotificationFailed,
    SubscriberConfirmed,
    SubscriberSuppressed,
    SubscriberUnsubscribed,
)
