"""What the holder of a secret link can do without a login: look, cancel, accept an offer; until the event begins."""

from dataclasses import dataclass

from chassis.ports import Clock, Transaction
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.person import Language
from services.events.domain.refusals import LinkUnknown
from services.events.domain.registration import Because, Registration, RegistrationStatus
from services.events.domain.secret_link import LinkPurpose, digest
from services.events.usecases.person import person_of
from services.events.usecases.ports import CalendarEvents, Persons, Registrations, SecretLinks
from services.events.usecases.registration import RegistrationUseCases


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """What a registered person is shown. Access data of an online meeting only while the seats are theirs."""

    registration: Registration
    calendar_event: CalendarEvent
    language: Language

    @property
    def access(self) -> str:
        online = self.calendar_event.online
        confirmed = self.registration.status is RegistrationStatus.CONFIRMED
        return online.access if online and confirmed and not self.calendar_event.is_cancelled else ""


class SecretLinkUseCases:
    def __init__(
        self,
        links: SecretLinks,
        events: CalendarEvents,
        registrations: Registrations,
        persons: Persons,
        registering: RegistrationUseCases,
        clock: Clock,
    ) -> None:
        self._links, self._events, self._registrations, self._persons = links, events, registrations, persons
        self._registering, self._clock = registering, clock

    async def look(self, purpose: LinkPurpose, secret: str, tx: Transaction | None = None) -> OwnRegistration:
        """What the link is about; LINK_UNKNOWN when it is another's, of another purpose, or the event has begun."""
        link = await self._links.find(digest(secret), tx)
        if link is None or link.purpose is not purpose:
            raise LinkUnknown
        registration = await self._registrations.get(link.registration_id, tx)
        event = await self._events.get(registration.event_id, tx)
        if (tx.at if tx else self._clock.now()) >= event.starts_at:
            raise LinkUnknown
        person = await person_of(self._persons, registration, tx)
        return OwnRegistration(registration, event, person.language if person else Language.DE)

    async def use(self, tx: Transaction, purpose: LinkPurpose, secret: str) -> OwnRegistration:
        """Do what the link is for; a second time changes nothing."""
        own = await self.look(purpose, secret, tx)
        registration, event = own.registration, own.calendar_event
        if purpose is LinkPurpose.CANCEL and registration.is_active:
            registration = await self._registering.cancel(tx, event, registration, Because.BY_REGISTRANT)
        elif purpose is LinkPurpose.CONFIRM and registration.status is not RegistrationStatus.CONFIRMED:
            registration = await self._registering.accept(tx, event, registration)
        return OwnRegistration(registration, event, own.language)

    async def event_of(self, secret: str) -> str:
        """The calendar event to queue for."""
        link = await self._links.find(digest(secret))
        return await self._registering.event_of(link.registration_id) if link else digest(secret)
