"""Announcements by the regions that they concern."""

from typing import Any

from chassis.ports import Page, PageRequest
from chassis.store import Index, Store, StoredAggregates
from services.notify.domain.announcement import Announcement, AnnouncementStatus
from services.notify.domain.subscription import place_keys, touching_keys

_UNPUBLISHED = "9999"


def _derive(announcement: Announcement) -> dict[str, Any]:
    published = announcement.published_at.isoformat() if announcement.published_at else _UNPUBLISHED
    return {
        "places": sorted(place_keys(announcement.regions)),
        "newest_key": f"{published}:{announcement.id}",
    }


class MongoAnnouncements(StoredAggregates[Announcement]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store, "announcements", Announcement, noun="announcement", derive=_derive, indexes=(Index("places"),)
        )

    async def concerning(
        self, region: str, status: AnnouncementStatus | None, request: PageRequest
    ) -> Page[Announcement]:
        filter: dict[str, Any] = {"places": {"$in": list(touching_keys(region))}}
        return await self.page(filter | ({"status": status} if status else {}), request, order="-newest_key")
