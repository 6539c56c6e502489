"""A secret link in a mail: one purpose, one subscriber, until a set instant; only its fingerprint is stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notify.domain.refusals import LinkOutdated, LinkUnknown


class Purpose(StrEnum):
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Link:
    """`id` is the SHA-256 of the token; `serial` tells links of one purpose apart: the number of the ask, or the year."""

    id: str
    purpose: Purpose
    subscriber_id: str
    serial: int
    expires_at: datetime

    def check(self, purpose: Purpose, at: datetime) -> None:
        if self.purpose is not purpose:
            raise LinkUnknown
        if at >= self.expires_at:
            raise LinkOutdated
