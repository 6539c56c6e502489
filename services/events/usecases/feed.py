"""What stands in a public calendar feed: a bounded window of the public calendar events of a region."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.fields import OptionalId, OptionalLine
from chassis.ports import Clock, PageRequest
from lor import Region
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.terms import EventKind, EventVisibility
from services.events.usecases.ports import CalendarEvents, CalendarFilter

BACK = timedelta(days=90)
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
        """From 90 days back to 18 months ahead, earliest first, cancelled ones too; at most 2,000."""
        now = self._clock.now()
        wanted = CalendarFilter(
            region=query.region,
            visibilities=(EventVisibility.PUBLIC,),
            kind=query.kind,
            organiser_id=query.organiser,
            topic=query.topic,
            ends_after=now - BACK,
            starts_before=now + AHEAD,
        )
        found: list[CalendarEvent] = []
        token = ""
        while len(found) < MOST:
            page = await self._events.matching(wanted, PageRequest(PAGE, token))
            found.extend(page.items)
            token = page.next_page_token
            if not token:
                break
        return tuple(found)
