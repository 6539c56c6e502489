"""What notify says of letters that did not arrive."""

from datetime import datetime
from typing import Literal

from chassis.envelope import Body, Published


class Recipient(Body):
    """Whom the letter was for: a subscriber's id at notify, a person_ref at the other services."""

    source: Literal["notify", "funds", "events"]
    ref: str


class NotificationState(Body):
    """A notification without its words. `cause` is the id of the message (or of notify's own doing) that it tells of."""

    id: str
    region: str
    cause: str
    recipient: Recipient
    channel: Literal["email"]
    template: str
    template_version: int
    status: Literal["queued", "sending", "delivered", "failed", "dropped"]
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    reason: str


class NotificationFailed(Published, audience="int", why="It touches a person."):
    """A letter was given up: the address takes no mail, or every try failed."""

    state: NotificationState
