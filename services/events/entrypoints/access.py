"""Who may call what; how far a role reaches is for the use case to say."""

from chassis.auth import PUBLIC

PLANNERS = ("organiser", "coordinator")

ACCESS: dict[str, tuple[str, ...]] = {
    "CalendarEventService/DraftCalendarEvent": PLANNERS,
    "CalendarEventService/PublishCalendarEvent": PLANNERS,
    "CalendarEventService/UpdateCalendarEvent": PLANNERS,
    "CalendarEventService/MoveCalendarEvent": PLANNERS,
    "CalendarEventService/CancelCalendarEvent": PLANNERS,
    "CalendarEventService/ChangeCapacity": PLANNERS,
    "CalendarEventService/GetCalendarEvent": PUBLIC,
    "CalendarEventService/ListCalendarEvents": PUBLIC,
    "RegistrationService/Register": PUBLIC,
    # Whoever registered with a token, whatever its roles; the use case compares the `sub`.
    "RegistrationService/AcceptOffer": PUBLIC,
    "RegistrationService/CancelRegistration": PUBLIC,
    "RegistrationService/GetRegistration": PUBLIC,
    "RegistrationService/ListRegistrations": PLANNERS,
    "ContactService/ResolveContact": ("service",),
}
