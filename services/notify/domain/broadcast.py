"""A broadcast (Rundsendung): one piece of news on its way to all who follow its regions, batch by batch."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from services.notify.domain.notification import News
from services.notify.domain.subscription import NewsKind, hearing_keys

_NAMESPACE = UUID("0b7c2a64-4d0e-5b0d-8f0f-0f2f3d8e7a55")


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`keys` are still to be gone through, the first of them behind the subscriber `after`; when none is left it is done."""

    id: str
    region: str
    news: News
    keys: tuple[str, ...]
    started_at: datetime
    after: str = ""
    queued: int = 0
    version: int = 0

    @classmethod
    def start(cls, kind: NewsKind, regions: tuple[str, ...], news: News, at: datetime) -> "Broadcast":
        """The same cause and template give the same id: no news goes out twice."""
        identity = str(uuid5(_NAMESPACE, f"{news.cause}:{news.template}"))
        return cls(identity, news.region, news, hearing_keys(kind, regions), at)

    @property
    def is_done(self) -> bool:
        return not self.keys

    def carry_on(self, after: str, queued: int) -> "Broadcast":
        """One batch further: to those of this key behind `after`, or to the next key when there is nobody."""
        keys = self.keys if after else self.keys[1:]
        return replace(self, keys=keys, after=after, queued=self.queued + queued)
