"""Write, schedule, publish and withdraw announcements, and read them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Id, Keyword, Line, PageSize, PageToken
from chassis.ports import Caller, Clock, Page, PageRequest, Transaction, new_id
from chassis.refusals import NotFound
from lor import Region
from services.notify.domain.announcement import (
    ENDED_UNPUBLISHED,
    Announcement,
    AnnouncementLink,
    AnnouncementStatus,
    AnnouncementText,
)
from services.notify.domain.notification import News
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.usecases.letter import LetterUseCases
from services.notify.usecases.ports import Announcements

PUBLISH = "publish_announcement"
Texts = Annotated[tuple[AnnouncementText, ...], MinLen(1), MaxLen(2)]
Topics = Annotated[tuple[Keyword, ...], MaxLen(20)]
ReadOn = Annotated[tuple[AnnouncementLink, ...], MaxLen(20)]


@dataclass(frozen=True, slots=True)
class CreateAnnouncement:
    region: Region
    texts: Texts
    regions: Annotated[tuple[Region, ...], MaxLen(20)] = ()
    topics: Topics = ()
    links: ReadOn = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpdateAnnouncement:
    announcement_id: Id
    texts: Texts
    topics: Topics = ()
    links: ReadOn = ()
    until: datetime | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleAnnouncement:
    announcement_id: Id
    publish_at: datetime
    etag: str = ""


@dataclass(frozen=True, slots=True)
class PublishAnnouncement:
    announcement_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawAnnouncement:
    announcement_id: Id
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetAnnouncement:
    announcement_id: Id


@dataclass(frozen=True, slots=True)
class ListAnnouncements:
    region: Region
    status: AnnouncementStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


class AnnouncementUseCases:
    def __init__(self, announcements: Announcements, letters: LetterUseCases, clock: Clock) -> None:
        self._announcements, self._letters, self._clock = announcements, letters, clock

    async def create_announcement(self, tx: Transaction, command: CreateAnnouncement, caller: Caller) -> Announcement:
        announcement = Announcement(
            id=new_id(),
            region=command.region,
            regions=command.regions or (command.region,),
            texts=command.texts,
            author=caller.sub,
            topics=command.topics,
            links=command.links,
            until=command.until,
        )
        self._require_writer(caller, announcement)
        return await self._announcements.add(tx, announcement)

    async def update_announcement(self, tx: Transaction, command: UpdateAnnouncement, caller: Caller) -> Announcement:
        announcement = await self._load(tx, command.announcement_id, command.etag, caller)
        written = announcement.write(command.texts, command.topics, command.links, command.until)
        return await self._announcements.save(tx, written)

    async def schedule_announcement(
        self, tx: Transaction, command: ScheduleAnnouncement, caller: Caller
    ) -> Announcement:
        announcement = await self._load(tx, command.announcement_id, command.etag, caller)
        scheduled = announcement.schedule(command.publish_at, tx.at)
        tx.set_timer(announcement.id, PUBLISH, command.publish_at)
        return await self._announcements.save(tx, scheduled)

    async def publish_announcement(self, tx: Transaction, command: PublishAnnouncement, caller: Caller) -> Announcement:
        announcement = await self._load(tx, command.announcement_id, command.etag, caller)
        return await self._publish(tx, announcement)

    async def publish_when_due(self, tx: Transaction, announcement_id: str) -> None:
        """The timer of a scheduled announcement; after an outage it may have ended before: then nobody hears of it."""
        announcement = await self._announcements.get(announcement_id, tx)
        if not announcement.has_ended(tx.at):
            await self._publish(tx, announcement)
            return
        withdrawn, said = announcement.withdraw(ENDED_UNPUBLISHED)
        await self._announcements.save(tx, withdrawn, *said)

    async def withdraw_announcement(
        self, tx: Transaction, command: WithdrawAnnouncement, caller: Caller
    ) -> Announcement:
        announcement = await self._load(tx, command.announcement_id, command.etag, caller)
        withdrawn, said = announcement.withdraw(command.reason)
        tx.cancel_timer(announcement.id, PUBLISH)
        return await self._announcements.save(tx, withdrawn, *said)

    async def get_announcement(self, query: GetAnnouncement, caller: Caller) -> Announcement:
        announcement = await self._announcements.get(query.announcement_id)
        seen = next(self._seen_by(caller, announcement), None)
        if seen is None:
            raise NotFound("ANNOUNCEMENT_NOT_FOUND", f"There is no announcement {query.announcement_id}.")
        return seen

    async def list_announcements(self, query: ListAnnouncements, caller: Caller) -> Page[Announcement]:
        request = PageRequest(query.page_size, query.page_token, scope=caller.sub)
        status = query.status if self._may_read_all(caller, query.region) else AnnouncementStatus.PUBLISHED
        page = await self._announcements.concerning(query.region, status, request)
        # What has ended is left out of a full page: an instant in the filter would make each page token worthless.
        # So is what others write for a region around this one, before it is out.
        return Page(tuple(self._seen_by(caller, *page.items)), page.next_page_token)

    def _seen_by(self, caller: Caller, *announcements: Announcement) -> Iterator[Announcement]:
        for announcement in announcements:
            if self._may_read_all(caller, announcement.region):
                yield announcement
            elif announcement.is_shown(self._clock.now()):
                yield replace(announcement, author="")

    async def _publish(self, tx: Transaction, announcement: Announcement) -> Announcement:
        published, said = announcement.publish(tx.at)
        tx.cancel_timer(announcement.id, PUBLISH)
        news = News(
            cause=announcement.id,
            region=announcement.region,
            template=Template.ANNOUNCEMENT_PUBLISHED,
            said_at=tx.at,
            data={"announcement_id": announcement.id}
            | {f"title_{text.language}": text.title for text in announcement.texts}
            | {f"body_{text.language}": text.body for text in announcement.texts},
            valid_until=announcement.until,
        )
        await self._letters.write_to_followers(tx, NewsKind.ANNOUNCEMENTS, announcement.regions, news)
        return await self._announcements.save(tx, published, said)

    async def _load(self, tx: Transaction, announcement_id: str, etag: str, caller: Caller) -> Announcement:
        announcement = await self._announcements.get(announcement_id, tx, etag=etag)
        self._require_writer(caller, announcement)
        return announcement

    def _require_writer(self, caller: Caller, announcement: Announcement) -> None:
        for region in announcement.regions:
            caller.require("coordinator", region=region)

    def _may_read_all(self, caller: Caller, region: str) -> bool:
        return caller.may("coordinator", "operator", "auditor", region=region)
