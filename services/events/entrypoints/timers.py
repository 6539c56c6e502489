"""What the calendar clock sets off."""

from chassis.timers import TimerHandler
from services.events.usecases import UseCases
from services.events.usecases.calendar_event import COMPLETION, REGISTRATIONS_END
from services.events.usecases.organiser import ORGANISER_NAMED
from services.events.usecases.waiting_list import OFFER_ENDS


def timers(do: UseCases) -> dict[str, TimerHandler]:
    return {
        COMPLETION: do.calendar_events.complete,
        OFFER_ENDS: do.registrations.expire_offer,
        REGISTRATIONS_END: do.registrations.end_registrations,
        ORGANISER_NAMED: do.organisers.name_organiser,
    }
