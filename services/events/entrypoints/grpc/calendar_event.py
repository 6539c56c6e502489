"""The rpcs of calendar events."""

from chassis.rpc import Api, command, query
from services.events.usecases import UseCases
from services.events.usecases.calendar_event import (
    CancelCalendarEvent,
    DraftCalendarEvent,
    GetCalendarEvent,
    ListCalendarEvents,
    MoveCalendarEvent,
    PublishCalendarEvent,
    UpdateCalendarEvent,
)
from services.events.usecases.registration import ChangeCapacity

ANSWER = "calendar_event"


def calendar_event_api(do: UseCases) -> Api:
    plan = do.calendar_events
    return Api(
        "kiezwerk.events.v1.CalendarEventService",
        command("DraftCalendarEvent", DraftCalendarEvent, plan.draft_calendar_event, ANSWER),
        command("PublishCalendarEvent", PublishCalendarEvent, plan.publish_calendar_event, ANSWER),
        command("UpdateCalendarEvent", UpdateCalendarEvent, plan.update_calendar_event, ANSWER),
        command("MoveCalendarEvent", MoveCalendarEvent, plan.move_calendar_event, ANSWER),
        command("CancelCalendarEvent", CancelCalendarEvent, plan.cancel_calendar_event, ANSWER),
        command("ChangeCapacity", ChangeCapacity, do.registrations.change_capacity, ANSWER),
        query("GetCalendarEvent", GetCalendarEvent, plan.get_calendar_event, ANSWER),
        query("ListCalendarEvents", ListCalendarEvents, plan.list_calendar_events, "calendar_events"),
    )
