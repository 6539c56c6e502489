"""Who may call what, and how far each role reaches; the use cases hold the reach."""

from chassis.access import EVERYONE, PUBLIC, Access, anywhere, by_actor, by_region, city_wide, own

PLANS = by_actor("organiser", "coordinator")
# Who works for the neighbourhood sees what is for members; who plans, checks or serves sees all of its part.
READS = (
    PUBLIC
    | anywhere("partner", "jury", "fund_office", "treasurer", "operator")
    | PLANS
    | by_region("auditor", "service")
)
# Whoever registered with a token, whatever its roles: the `sub` is compared.
REGISTERED = own(EVERYONE) | PLANS

ACCESS: dict[str, Access] = {
    "CalendarEventService/DraftCalendarEvent": PLANS,
    "CalendarEventService/PublishCalendarEvent": PLANS,
    "CalendarEventService/UpdateCalendarEvent": PLANS,
    "CalendarEventService/MoveCalendarEvent": PLANS,
    "CalendarEventService/CancelCalendarEvent": PLANS,
    "CalendarEventService/ChangeCapacity": PLANS,
    "CalendarEventService/GetCalendarEvent": READS,
    "CalendarEventService/ListCalendarEvents": READS,
    "RegistrationService/Register": READS,
    "RegistrationService/AcceptOffer": REGISTERED,
    "RegistrationService/CancelRegistration": REGISTERED,
    "RegistrationService/GetRegistration": REGISTERED,
    "RegistrationService/ListRegistrations": PLANS,
    "ContactService/ResolveContact": city_wide("service"),
}
