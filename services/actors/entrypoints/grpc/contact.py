"""The rpcs of ContactService."""

from chassis.rpc import Api, query
from services.actors.usecases import UseCases
from services.actors.usecases.contact import ResolveContact


def contact_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.actors.v1.ContactService",
        query("ResolveContact", ResolveContact, do.contacts.resolve_contact),
    )
