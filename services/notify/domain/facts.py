"""What happened in notify, said after it was saved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.notify.domain.announcement import Announcement
    from services.notify.domain.notification import Notification
    from services.notify.domain.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class SubscriberConfirmed:
    state: "Subscriber"


@dataclass(frozen=True, slots=True)
class SubscriberUnsubscribed:
    state: "Subscriber"


@dataclass(frozen=True, slots=True)
class SubscriberSuppressed:
    state: "Subscriber"


@dataclass(frozen=True, slots=True)
class AnnouncementPublished:
    state: "Announcement"


@dataclass(frozen=True, slots=True)
class AnnouncementWithdrawn:
    state: "Announcement"
    reason: str


@dataclass(frozen=True, slots=True)
class NotificationFailed:
    state: "Notification"
