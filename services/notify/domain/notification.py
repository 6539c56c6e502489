"""A notification: one letter to one person for one cause, sent once whatever is repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from chassis.ports import Trail
from services.notify.domain.facts import NotificationFailed
from services.notify.domain.refusals import NotificationNotSending
from services.notify.domain.subscriber import Channel
from services.notify.domain.template import Lane, Template

_NAMESPACE = UUID("6f1d3c0a-52a5-5c1e-9a52-6b7a2b1f4d10")

NO_TRAIL = Trail()
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=24),
)
"""How long a temporary failure waits before the next try; after the last of them the notification has failed."""


class Source(StrEnum):
    """The service that knows the recipient's address."""

    NOTIFY = "notify"
    FUNDS = "funds"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to write to: `ref` is a subscriber's id at notify, a person_ref at the others."""

    source: Source
    ref: str


@dataclass(frozen=True, slots=True)
class News:
    """What a letter is about: its cause, and the data that its template needs (strings; instants in ISO 8601, UTC).

    Nothing in `data` names a person: name and address are added when it is sent. `said_at` is when it happened; after
    `valid_until` nobody is written to any more. `trail` is that of the work which decided to write.
    """

    cause: str
    region: str
    template: Template
    said_at: datetime
    data: Mapping[str, str] = field(default_factory=dict)
    valid_until: datetime | None = None
    trail: Trail = NO_TRAIL


class NotificationStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class DropReason(StrEnum):
    UNSUBSCRIBED = "UNSUBSCRIBED"
    SUPPRESSED = "SUPPRESSED"
    ERASED = "ERASED"
    PAST = "PAST"


class Ending(StrEnum):
    """What came of one try."""

    DELIVERED = "delivered"
    POSTPONED = "postponed"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is UPPER_SNAKE, and empty when delivered."""

    ending: Ending
    reason: str = ""


def notification_id(cause: str, recipient: Recipient, channel: Channel, template: Template) -> str:
    """The same cause, person, channel and template give the same id: a second letter cannot even be queued."""
    return str(uuid5(_NAMESPACE, f"{cause}:{recipient.source}:{recipient.ref}:{channel}:{template}"))


@dataclass(frozen=True, slots=True)
class Notification:
    """`due_at` (machine clock) is when to try next; while sending, when the sender is taken for dead."""

    id: str
    region: str
    cause: str
    recipient: Recipient
    template: Template
    template_version: int
    data: Mapping[str, str]
    created_at: datetime
    due_at: datetime
    channel: Channel = Channel.EMAIL
    valid_until: datetime | None = None
    status: NotificationStatus = NotificationStatus.QUEUED
    attempts: int = 0
    settled_at: datetime | None = None
    reason: str = ""
    trail: Trail = NO_TRAIL
    version: int = 0

    @classmethod
    def queue(cls, news: News, recipient: Recipient, at: datetime, now: datetime) -> "Notification":
        """`at` is the calendar's instant, `now` the machine's."""
        return cls(
            id=notification_id(news.cause, recipient, Channel.EMAIL, news.template),
            region=news.region,
            cause=news.cause,
            recipient=recipient,
            template=news.template,
            template_version=news.template.version,
            data=news.data,
            created_at=at,
            due_at=now,
            valid_until=news.valid_until,
            trail=news.trail,
        )

    @property
    def lane(self) -> Lane:
        return self.template.lane

    @property
    def is_open(self) -> bool:
        return self.status in (NotificationStatus.QUEUED, NotificationStatus.SENDING)

    def is_past(self, at: datetime) -> bool:
        return self.valid_until is not None and at >= self.valid_until

    def claim(self, now: datetime, lease: timedelta) -> "Notification | None":
        """Take it for sending; nothing when it is not due, or another sender has it and its lease runs."""
        if not self.is_open or now < self.due_at:
            return None
        return replace(self, status=NotificationStatus.SENDING, attempts=self.attempts + 1, due_at=now + lease)

    def is_held(self, now: datetime, carrying: timedelta) -> bool:
        """Whether the lease of whoever claimed it outlasts the carrying; then no other sender has it before it is over."""
        return now + carrying < self.due_at

    def is_tried_by(self, claimed: "Notification", ending: Ending) -> bool:
        """Whether what came of this try is news: what another sender took since, or has ended, is theirs to tell.

        That it went out is news whatever others recorded meanwhile: nobody is to send it again, or to say that it failed.
        """
        is_theirs = self.attempts != claimed.attempts and ending is not Ending.DELIVERED
        return self._takes(ending) and not is_theirs

    def settle(
        self, outcome: Outcome, at: datetime, now: datetime
    ) -> tuple["Notification", tuple[NotificationFailed, ...]]:
        """Record what came of the try: done with, or to be tried again with growing delay up to the last time."""
        if not self._takes(outcome.ending):
            raise NotificationNotSending(self.status)
        match outcome.ending:
            case Ending.DELIVERED:
                return self._end(NotificationStatus.DELIVERED, "", at), ()
            case Ending.DROPPED:
                return self._end(NotificationStatus.DROPPED, outcome.reason, at), ()
            case Ending.POSTPONED if self.attempts <= len(DELAYS):
                later = now + DELAYS[self.attempts - 1]
                return replace(self, status=NotificationStatus.QUEUED, due_at=later, reason=outcome.reason), ()
        failed = self._end(NotificationStatus.FAILED, outcome.reason, at)
        return failed, (NotificationFailed(failed),)

    def _takes(self, ending: Ending) -> bool:
        """That it went out is true also after a later try was postponed, dropped or given up; what was said then stands."""
        if ending is Ending.DELIVERED:
            return self.status is not NotificationStatus.DELIVERED
        return self.status is NotificationStatus.SENDING

    def _end(self, status: NotificationStatus, reason: str, at: datetime) -> "Notification":
        return replace(self, status=status, reason=reason, settled_at=at)
