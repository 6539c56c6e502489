"""What can be done with registrations; every one of them queues for its calendar event, which holds the seats."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chassis.fields import Email, Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from chassis.refusals import NotFound, Unauthenticated
from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.facts import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationRepeated,
    RegistrationWaitlisted,
    change,
)
from services.events.domain.person import Language, Person
from services.events.domain.registration import Because, Registration, RegistrationStatus
from services.events.domain.seating import accept_offer, expire_offer, give_back, take_seats
from services.events.domain.terms import Capacity, Seats
from services.events.usecases.calendar_event import REGISTRATIONS_END
from services.events.usecases.ports import CalendarEvents, Persons, Registrations
from services.events.usecases.readership import is_planner, require_planner, require_visible
from services.events.usecases.registration_links import RegistrationLinks
from services.events.usecases.waiting_list import OFFER_ENDS, WaitingList

BATCH = 100


@dataclass(frozen=True, slots=True)
class Register:
    event_id: Id
    name: Line
    email: Email
    seats: Seats = 1
    language: Language = Language.DE


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    registration_id: Id


@dataclass(frozen=True, slots=True)
class CancelRegistration:
    registration_id: Id


@dataclass(frozen=True, slots=True)
class ChangeCapacity:
    event_id: Id
    capacity: Capacity = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetRegistration:
    registration_id: Id


@dataclass(frozen=True, slots=True)
class ListRegistrations:
    event_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to whoever registered. Links and access are for who has a token: without one they go to the address alone."""

    registration: Registration
    cancel_url: str = ""
    confirm_url: str = ""
    access: str = ""


@dataclass(frozen=True, slots=True)
class Registrant:
    """A registration with who it is for, as its organiser sees it; empty when the person was erased."""

    registration: Registration
    name: str
    email: str


class RegistrationUseCases:
    """`person_ref` keys a mail address."""

    def __init__(
        self,
        events: CalendarEvents,
        registrations: Registrations,
        persons: Persons,
        links: RegistrationLinks,
        *,
        person_ref: Callable[[str], str],
    ) -> None:
        self._events, self._registrations, self._persons, self._links = events, registrations, persons, links
        self._person_ref = person_ref
        self._waiting_list = WaitingList(events, registrations)

    async def register(self, tx: Transaction, command: Register, caller: Caller) -> Registered:
        before = await self._events.get(command.event_id, tx)
        require_visible(before, caller)
        asked = Registration(
            id=new_id(),
            region=before.region,
            event_id=before.id,
            person_ref=self._person_ref(command.email),
            seats=command.seats,
            registered_at=tx.at,
            status=RegistrationStatus.WAITLISTED,
            registered_by=caller.sub,
        )
        event, registration = take_seats(before, asked, tx.at)
        # Anyone may register an address that is not theirs: it must not tell them how that person is known here, nor whether.
        shown = replace(registration, person_ref="", id="" if caller.is_public else registration.id)
        if caller.is_public and await self._is_known(tx, before, registration):
            return Registered(shown)
        await self._persons.put(tx, Person(registration.id, command.name, command.email, command.language))
        event = await self._events.save(tx, event)
        confirmed = registration.status is RegistrationStatus.CONFIRMED
        fact = RegistrationConfirmed if confirmed else RegistrationWaitlisted
        registration = await self._registrations.add(tx, registration, fact(registration, event))
        links = await self._links.make(tx, registration)
        return Registered(shown) if caller.is_public else Registered(shown, *links, _access(event) if confirmed else "")

    async def _is_known(self, tx: Transaction, event: CalendarEvent, asked: Registration) -> bool:
        """Whether this person is registered already: they learn of it, and whoever asked does not."""
        known = await self._registrations.holding(event.id, asked.person_ref, tx)
        if known is None:
            return False
        told = known.repeat(tx.at)
        if told is not known:
            await self._registrations.save(tx, told, RegistrationRepeated(told, event))
        return True

    async def accept_offer(self, tx: Transaction, command: AcceptOffer, caller: Caller) -> Registration:
        _require_token(caller)
        event, registration = await self._load(tx, command.registration_id)
        _require_own(caller, event, registration)
        return await self.accept(tx, event, registration)

    async def accept(self, tx: Transaction, event: CalendarEvent, offered: Registration) -> Registration:
        event, registration = accept_offer(event, offered, tx.at)
        event = await self._events.save(tx, event)
        tx.cancel_timer(registration.id, OFFER_ENDS)
        return await self._registrations.save(tx, registration, RegistrationConfirmed(registration, event))

    async def cancel_registration(self, tx: Transaction, command: CancelRegistration, caller: Caller) -> Registration:
        _require_token(caller)
        event, registration = await self._load(tx, command.registration_id)
        _require_own(caller, event, registration)
        own = caller.sub == registration.registered_by
        return await self.cancel(tx, event, registration, Because.BY_REGISTRANT if own else Because.BY_ORGANISER)

    async def cancel(self, tx: Transaction, event: CalendarEvent, held: Registration, because: Because) -> Registration:
        event.require_before_start(tx.at)
        event, registration = give_back(event, held, because, tx.at)
        registration = await self._registrations.save(tx, registration, RegistrationCancelled(registration, event))
        tx.cancel_timer(registration.id, OFFER_ENDS)
        await self._waiting_list.pass_on(tx, event, Because.SEATS_GIVEN_BACK)
        return registration

    async def expire_offer(self, tx: Transaction, registration_id: str) -> None:
        """By the clock: nobody accepted, so the seats go on to the next in line."""
        event, offered = await self._load(tx, registration_id)
        if offered.offer_expires_at is None or tx.at < offered.offer_expires_at:
            return
        event, expired = expire_offer(event, offered, tx.at)
        await self._registrations.save(tx, expired, RegistrationExpired(expired, event))
        await self._waiting_list.pass_on(tx, event, Because.OFFER_NOT_TAKEN)

    async def end_registrations(self, tx: Transaction, event_id: str) -> None:
        """After a calendar event was cancelled: its registrations with it, a batch at a time."""
        event = await self._events.get(event_id, tx)
        batch = await self._registrations.active(event.id, BATCH, tx)
        for held in batch:
            event, cancelled = give_back(event, held, Because.EVENT_CANCELLED, tx.at)
            await self._registrations.save(tx, cancelled, RegistrationCancelled(cancelled, event))
            tx.cancel_timer(cancelled.id, OFFER_ENDS)
        if batch:
            await self._events.save(tx, event)
        if len(batch) == BATCH:
            tx.set_timer(event.id, REGISTRATIONS_END, tx.at)

    async def change_capacity(self, tx: Transaction, command: ChangeCapacity, caller: Caller) -> CalendarEvent:
        before = await self._events.get(command.event_id, tx, etag=command.etag)
        require_planner(caller, before.region, before.organiser_id)
        after = before.change_capacity(command.capacity, tx.at, caller.sub)
        return await self._waiting_list.pass_on(tx, after, Because.CAPACITY_CHANGED, *change(before, after))

    async def get_registration(self, query: GetRegistration, caller: Caller) -> Registration:
        _require_token(caller)
        event, registration = await self._load(None, query.registration_id)
        _require_own(caller, event, registration)
        return registration

    async def list_registrations(self, query: ListRegistrations, caller: Caller) -> Page[Registrant]:
        event = await self._events.get(query.event_id)
        require_planner(caller, event.region, event.organiser_id)
        request = PageRequest(query.page_size, query.page_token, scope=caller.sub)
        page = await self._registrations.of_event(event.id, request)
        keys = {key for r in page.items for key in (r.id, r.person_ref)}
        persons = {p.id: p for p in await self._persons.many(keys)}
        found = tuple(_registrant(r, persons.get(r.id) or persons.get(r.person_ref)) for r in page.items)
        return Page(found, page.next_page_token)

    async def event_of(self, registration_id: str) -> str:
        """The calendar event whose seats a registration holds."""
        registration = await self._registrations.find(registration_id)
        return registration.event_id if registration else registration_id

    async def _load(self, tx: Transaction | None, registration_id: str) -> tuple[CalendarEvent, Registration]:
        registration = await self._registrations.get(registration_id, tx)
        return await self._events.get(registration.event_id, tx), registration


def _require_token(caller: Caller) -> None:
    """Asked before anything is looked up, so that the answer is the same for what there is and what there is not."""
    if caller.is_public:
        raise Unauthenticated("NO_TOKEN", "Send the token with which you registered, or use your secret link.")


def _require_own(caller: Caller, event: CalendarEvent, registration: Registration) -> None:
    """Whoever registered with a token, or who plans the calendar event; to others the registration is not there."""
    own = caller.sub == registration.registered_by
    if not own and not is_planner(caller, event.region, event.organiser_id):
        raise NotFound("REGISTRATION_NOT_FOUND", f"There is no registration {registration.id}.")


def _access(event: CalendarEvent) -> str:
    return event.online.access if event.online else ""


def _registrant(registration: Registration, person: Person | None) -> Registrant:
    return Registrant(registration, person.name if person else "", person.email if person else "")
