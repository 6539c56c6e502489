"""All that events says; the catalogue and the schemas are made from this list."""

from chassis.envelope import Published
from services.events.messages.published.calendar_event import (
    EventCancelled,
    EventCompleted,
    EventMoved,
    EventPublished,
    EventUpdated,
)
from services.events.messages.published.registration import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationRepeated,
    RegistrationWaitlisted,
)

PUBLISHED: tuple[type[Published], ...] = (
    EventPublished,
    EventUpdated,
    EventMoved,
    EventCancelled,
    EventCompleted,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    RegistrationRepeated,
    RegistrationOffered,
    RegistrationExpired,
    RegistrationCancelled,
)
