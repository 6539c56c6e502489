"""An announcement (Meldung): what an office tells the people of some regions."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.fields import HttpsUrl, Line, Text
from services.notify.domain.facts import AnnouncementPublished, AnnouncementWithdrawn
from services.notify.domain.language import Language
from services.notify.domain.refusals import (
    AnnouncementNotDraft,
    AnnouncementNotPublished,
    HomeRegionOutside,
    PublishAtNotAhead,
    TextTwice,
    UntilNotAfter,
)

ENDED_UNPUBLISHED = "ENDED_UNPUBLISHED"
"""The reason of an announcement that nobody withdrew: its end passed before the clock published it."""


class AnnouncementStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class AnnouncementText:
    """The announcement in one language."""

    language: Language
    title: Line
    body: Text


@dataclass(frozen=True, slots=True)
class AnnouncementLink:
    title: Line
    url: HttpsUrl


@dataclass(frozen=True, slots=True)
class Announcement:
    """`author` is the `sub` of who wrote it; `until` is when it is no longer shown (nothing: for good)."""

    id: str
    region: str
    regions: tuple[str, ...]
    texts: tuple[AnnouncementText, ...]
    author: str
    topics: tuple[str, ...] = ()
    links: tuple[AnnouncementLink, ...] = ()
    until: datetime | None = None
    status: AnnouncementStatus = AnnouncementStatus.DRAFT
    publish_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_reason: str = ""
    version: int = 0

    def __post_init__(self) -> None:
        if self.region not in self.regions:
            raise HomeRegionOutside
        languages = [text.language for text in self.texts]
        if twice := [language for language in languages if languages.count(language) > 1]:
            raise TextTwice(twice[0])

    def write(
        self,
        texts: tuple[AnnouncementText, ...],
        topics: tuple[str, ...],
        links: tuple[AnnouncementLink, ...],
        until: datetime | None,
    ) -> "Announcement":
        """Replace what a draft says."""
        if self.status is not AnnouncementStatus.DRAFT:
            raise AnnouncementNotDraft(self.status)
        return replace(self, texts=texts, topics=topics, links=links, until=until)

    def schedule(self, publish_at: datetime, at: datetime) -> "Announcement":
        """Publish by the clock; scheduling again moves the instant."""
        self._refuse_out()
        if publish_at <= at:
            raise PublishAtNotAhead
        if self.until is not None and self.until <= publish_at:
            raise UntilNotAfter
        return replace(self, status=AnnouncementStatus.SCHEDULED, publish_at=publish_at)

    def publish(self, at: datetime) -> tuple["Announcement", AnnouncementPublished]:
        self._refuse_out()
        if self.has_ended(at):
            raise UntilNotAfter
        published = replace(
            self, status=AnnouncementStatus.PUBLISHED, publish_at=self.publish_at or at, published_at=at
        )
        return published, AnnouncementPublished(published)

    def withdraw(self, reason: str) -> tuple["Announcement", tuple[AnnouncementWithdrawn, ...]]:
        """Take it back; the public hears of it only if it had heard the announcement."""
        if self.status is AnnouncementStatus.WITHDRAWN:
            raise AnnouncementNotPublished(self.status)
        withdrawn = replace(self, status=AnnouncementStatus.WITHDRAWN, withdrawn_reason=reason)
        said = (AnnouncementWithdrawn(withdrawn, reason),) if self.is_public else ()
        return withdrawn, said

    @property
    def is_public(self) -> bool:
        return self.status is AnnouncementStatus.PUBLISHED

    def is_shown(self, at: datetime) -> bool:
        """Whether a public reader sees it at this instant."""
        return self.is_public and not self.has_ended(at)

    def has_ended(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at

    def text_in(self, language: Language) -> AnnouncementText:
        """The text in this language, or else in the first that there is."""
        return next((text for text in self.texts if text.language is language), self.texts[0])

    def _refuse_out(self) -> None:
        if self.status not in (AnnouncementStatus.DRAFT, AnnouncementStatus.SCHEDULED):
            raise AnnouncementNotDraft(self.status)
