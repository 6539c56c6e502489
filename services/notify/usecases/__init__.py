"""All that notify can do."""

from dataclasses import dataclass

from services.notify.usecases.announcement import AnnouncementUseCases
from services.notify.usecases.broadcast import BroadcastUseCases
from services.notify.usecases.delivery import DeliveryUseCases
from services.notify.usecases.letter import LetterUseCases
from services.notify.usecases.notification import NotificationUseCases
from services.notify.usecases.subscriber import SubscriberUseCases


@dataclass(frozen=True, slots=True)
class UseCases:
    subscribers: SubscriberUseCases
    announcements: AnnouncementUseCases
    letters: LetterUseCases
    broadcasts: BroadcastUseCases
    deliveries: DeliveryUseCases
    notifications: NotificationUseCases
