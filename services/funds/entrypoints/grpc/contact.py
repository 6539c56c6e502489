"""ContactService: who is behind a person_ref, for services only."""

from chassis.rpc import Api, query
from services.funds.usecases import UseCases
from services.funds.usecases.contact import ResolveContact


def contact_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.ContactService",
        query("ResolveContact", ResolveContact, do.contacts.resolve_contact),
    )
