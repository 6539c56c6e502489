"""What notify's use cases need of the world: where things are kept, who knows addresses, who writes and carries letters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Trail, Transaction
from services.notify.domain.announcement import Announcement, AnnouncementStatus
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.language import Language
from services.notify.domain.link import Link, Purpose
from services.notify.domain.notification import Notification, NotificationStatus, Recipient
from services.notify.domain.person import Person
from services.notify.domain.subscriber import Subscriber, SubscriberStatus
from services.notify.domain.template import Lane


class Subscribers(Aggregates[Subscriber], Protocol):
    async def of_person(self, person_ref: str, tx: Transaction) -> Subscriber | None: ...

    async def of_region(self, region: str, status: SubscriberStatus | None, request: PageRequest) -> Page[Subscriber]:
        """Whose home region is this one or lies inside of it."""
        ...

    async def hearing(self, key: str, after: str, limit: int) -> tuple[str, ...]:
        """The ids of the confirmed ones found under a key of `hearing_keys`: the first behind `after`, in their order."""
        ...

    async def count_of(self, region: str, status: SubscriberStatus) -> int: ...


class Persons(Records[Person], Protocol):
    """The addresses of notify's own subscribers, and nowhere else."""


class Links(Records[Link], Protocol):
    """The fingerprints of secret links."""


class Announcements(Aggregates[Announcement], Protocol):
    async def concerning(
        self, region: str, status: AnnouncementStatus | None, request: PageRequest
    ) -> Page[Announcement]:
        """For this region, those around it and those inside of it, newest first."""
        ...


class Notifications(Aggregates[Notification], Protocol):
    async def due(self, lane: Lane, now: datetime) -> tuple[Notification, ...]:
        """Some of the open ones whose next try is due by the machine clock."""
        ...

    async def in_status(self, status: NotificationStatus, request: PageRequest) -> Page[Notification]:
        """Newest first."""
        ...

    async def count_of(self, status: NotificationStatus) -> int: ...


class Broadcasts(Aggregates[Broadcast], Protocol):
    async def running(self) -> tuple[Broadcast, ...]:
        """Those with recipients left, oldest first."""
        ...

    async def count_running(self) -> int: ...


class Tokens(Protocol):
    """Makes the token of a secret link anew whenever its mail is sent, so that none has to be stored."""

    def token(self, purpose: Purpose, subscriber_id: str, serial: int) -> str: ...

    def fingerprint(self, token: str) -> str:
        """The id of the token's `Link`."""
        ...


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to, and the secret links that are theirs, by the names under which a letter shows them."""

    person: Person
    links: Mapping[str, str] = field(default_factory=dict)


class Directory(Protocol):
    """The other services, who know the addresses of their people."""

    async def resolve(self, recipient: Recipient, registration_id: str, trail: Trail) -> Contact:
        """`registration_id` is that of a letter about one, else "". Raises NotFound when the person was erased, Unavailable when the service does not answer within 2 s."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be carried. `calendar` is an iCalendar object to attach; "" leaves any of the last three out."""

    message_id: str
    to: Person
    at: datetime
    subject: str
    text: str
    html: str
    language: Language
    calendar: str = ""
    unsubscribe_url: str = ""
    correlation_id: str = ""


class Letters(Protocol):
    def write(self, notification: Notification, to: Contact, at: datetime, token: str) -> Letter:
        """The letter in the recipient's language; `token` is that of the secret link of a subscriber which it holds, if any."""
        ...


class AddressRefused(Exception):
    """The mail server will never take a letter for this address; `reason` is UPPER_SNAKE and without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Post(Protocol):
    async def send(self, letter: Letter) -> None:
        """Raises AddressRefused, or Unavailable when it may work later."""
        ...
