"""The board: announcements of a region as pages and as an Atom feed, for everyone."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import lor
from chassis import codec
from chassis.http import status_of
from chassis.pages import Pages, districts, language_of, words
from chassis.ports import Caller
from chassis.refusals import Refusal
from services.notify.domain.announcement import Announcement
from services.notify.domain.language import Language
from services.notify.usecases.announcement import AnnouncementUseCases, GetAnnouncement, ListAnnouncements

_PUBLIC = Caller()
_PACKAGE = "services.notify"
_A_PAGE, _A_FEED = 20, 50
_NEVER = "1970-01-01T00:00:00+00:00"


class Board:
    def __init__(self, use: AnnouncementUseCases, pages: Pages) -> None:
        self._use, self._pages = use, pages

    async def list(self, request: Request) -> Response:
        """`?region=` (LOR key, the whole city without) and `?page_token=`."""
        language = language_of(request)
        try:
            query = _list(request, _A_PAGE)
            page = await self._use.list_announcements(query, _PUBLIC)
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.show(
            request,
            "announcements",
            language,
            region=query.region,
            districts=districts(),
            announcements=[_shown(item, language) for item in page.items],
            next_page_token=page.next_page_token,
        )

    async def show(self, request: Request) -> Response:
        language = language_of(request)
        try:
            query = codec.check(GetAnnouncement, {"announcement_id": request.path_params["id"]})
            announcement = await self._use.get_announcement(query, _PUBLIC)
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.show(request, "announcement", language, announcement=_shown(announcement, language))

    async def feed(self, request: Request) -> Response:
        language = language_of(request)
        query = _list(request, _A_FEED)
        page = await self._use.list_announcements(query, _PUBLIC)
        updated = max((a.published_at.isoformat() for a in page.items if a.published_at), default=_NEVER)
        shown = [_shown(item, language) for item in page.items]
        return self._pages.feed("announcements", language, region=query.region, updated=updated, announcements=shown)

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        language = language_of(request)
        sentence = refusal.reason if refusal.reason in words(_PACKAGE, language) else "refused_else"
        return self._pages.show(request, "refused", language, status_of(refusal), sentence=sentence)


def _list(request: Request, page_size: int) -> ListAnnouncements:
    asked = {name: request.query_params[name] for name in ("region", "page_token") if name in request.query_params}
    return codec.check(ListAnnouncements, {"region": lor.CITY, "page_size": page_size, **asked})


def _shown(announcement: Announcement, language: str) -> dict[str, Any]:
    """The announcement with its text in the reader's language, as `text`."""
    return {**asdict(announcement), "text": announcement.text_in(Language(language))}
