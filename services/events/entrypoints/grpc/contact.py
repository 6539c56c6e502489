"""The rpc by which registered people are reached."""

from chassis.rpc import Api, query
from services.events.usecases import UseCases
from services.events.usecases.contact import ResolveContact


def contact_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.events.v1.ContactService",
        query("ResolveContact", ResolveContact, do.contacts.resolve_contact),
    )
