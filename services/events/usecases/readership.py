"""Who may see a calendar event, and who may plan one."""

from chassis.ports import Caller
from chassis.refusals import NotFound
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.terms import EventVisibility

MEMBERS = ("coordinator", "organiser", "partner", "jury", "fund_office", "treasurer", "auditor", "operator")
INSIDERS = ("auditor", "service")


def is_planner(caller: Caller, region: str, organiser_id: str) -> bool:
    return caller.may("organiser", "coordinator", region=region, actor=organiser_id)


def require_planner(caller: Caller, region: str, organiser_id: str) -> None:
    caller.require("organiser", "coordinator", region=region, actor=organiser_id)


def visibilities(caller: Caller, region: str, organiser_id: str) -> tuple[EventVisibility, ...]:
    """What of the calendar of this region and organiser the caller may see."""
    if is_planner(caller, region, organiser_id) or caller.may(*INSIDERS, region=region):
        return tuple(EventVisibility)
    if any(role.name in MEMBERS for role in caller.roles):
        return (EventVisibility.PUBLIC, EventVisibility.MEMBERS)
    return (EventVisibility.PUBLIC,)


def require_visible(event: CalendarEvent, caller: Caller) -> None:
    """What somebody may not see is, for them, not there."""
    seen = event.visibility in visibilities(caller, event.region, event.organiser_id)
    if seen and (event.is_published or is_planner(caller, event.region, event.organiser_id)):
        return
    raise NotFound("CALENDAR_EVENT_NOT_FOUND", f"There is no calendar event {event.id}.")


def for_reader(event: CalendarEvent, caller: Caller) -> CalendarEvent:
    """Without the access data of the online meeting, unless the caller plans the calendar event."""
    return event if is_planner(caller, event.region, event.organiser_id) else event.without_access()
