"""What stands in a public calendar feed: a bounded window of the public calendar events of a region."""

from dataclasses import dataclass, replace
from datetime import timedelta

from chassis.fields import OptionalId, OptionalLine
from chassis.ports import Clock, PageRequest
from lor import Region
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.terms import EventKind, EventVisibility
from services.events.usecases.ports import CalendarEvents, CalendarFilter

BACK = timedelta(days=366)
AHEAD = timedelta(days=548)
MOST = 2_000
PAGE = 500


@dataclass(frozen=True, slots=True)
class ReadFeed:
    region: Region
    kind: EventKind | None = None
    organiser: OptionalId = ""
    topic: OptionalLine = ""


class FeedUseCases:
    def __init__(self, events: CalendarEvents, clock: Clock) -> None:
        self._events, self._clock = events, clock

    async def read_feed(self, query: ReadFeed) -> tuple[CalendarEvent, ...]:
        """From a year back to 18 months ahead, earliest first, cancelled ones too; of more than 2,000 the oldest are left out."""
        now = self._clock.now()
        wanted = CalendarFilter(
            region=query.region,
            visibilities=(EventVisibility.PUBLIC,),
            kind=query.kind,
            organiser_id=query.organiser,
            topic=query.topic,
        )
        ahead = await self._some(replace(wanted, ends_after=now, starts_before=now + AHEAD), MOST)
        room = MOST - len(ahead)
        past = await self._some(replace(wanted, ends_after=now - BACK, ends_until=now), room, latest_first=True)
        return tuple(sorted((*past, *ahead), key=lambda event: (event.starts_at, event.id)))

    async def _some(
        self, wanted: CalendarFilter, room: int, *, latest_first: bool = False
    ) -> tuple[CalendarEvent, ...]:
        found: list[CalendarEvent] = []
        token = ""
        while len(found) < room:
            request = PageRequest(min(PAGE, room - len(found)), token)
            page = await self._events.matching(wanted, request, latest_first=latest_first)
            found.extend(page.items)
            token = page.next_page_token
            if not token:
                break
        return tuple(found)
