"""The rpcs of registrations; each command queues for the calendar event whose seats it changes."""

from collections.abc import Iterable

from chassis.rpc import Api, command, query
from services.events.usecases import UseCases
from services.events.usecases.registration import (
    AcceptOffer,
    CancelRegistration,
    GetRegistration,
    ListRegistrations,
    Register,
)


def registration_api(do: UseCases) -> Api:
    seats = do.registrations

    async def its_event(asked: AcceptOffer | CancelRegistration) -> Iterable[str]:
        return (await seats.event_of(asked.registration_id),)

    return Api(
        "kiezwerk.events.v1.RegistrationService",
        command("Register", Register, seats.register, secret=True, is_form=True),
        command("AcceptOffer", AcceptOffer, seats.accept_offer, "registration", locks=its_event),
        command("CancelRegistration", CancelRegistration, seats.cancel_registration, "registration", locks=its_event),
        query("GetRegistration", GetRegistration, seats.get_registration, "registration"),
        query("ListRegistrations", ListRegistrations, seats.list_registrations, "registrants"),
    )
