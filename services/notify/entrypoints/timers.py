"""What notify does by the clock."""

from chassis.timers import TimerHandler
from services.notify.usecases import UseCases
from services.notify.usecases.announcement import PUBLISH
from services.notify.usecases.subscriber import FORGET_UNCONFIRMED


def timers(do: UseCases) -> dict[str, TimerHandler]:
    return {
        PUBLISH: do.announcements.publish_when_due,
        FORGET_UNCONFIRMED: do.subscribers.forget_unconfirmed,
    }
