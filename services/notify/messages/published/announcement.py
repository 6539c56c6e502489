"""What notify says of announcements (Meldungen)."""

from datetime import datetime
from typing import Literal

from chassis.envelope import Body, Published


class AnnouncementText(Body):
    """The announcement in one language."""

    language: Literal["de", "en"]
    title: str
    body: str


class AnnouncementLink(Body):
    title: str
    url: str


class AnnouncementState(Body):
    """An announcement without its author. `until` is when it is no longer shown."""

    id: str
    region: str
    regions: tuple[str, ...]
    texts: tuple[AnnouncementText, ...]
    topics: tuple[str, ...]
    links: tuple[AnnouncementLink, ...]
    status: Literal["draft", "scheduled", "published", "withdrawn"]
    publish_at: datetime | None
    published_at: datetime | None
    until: datetime | None


class AnnouncementPublished(Published, audience="pub", why="An announcement is made to be read by everyone."):
    """An office told the people of some regions something."""

    state: AnnouncementState


class AnnouncementWithdrawn(
    Published, audience="pub", why="Who has shown an announcement must learn that it no longer holds."
):
    """A published announcement was taken back."""

    state: AnnouncementState
    reason: str
