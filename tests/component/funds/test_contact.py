"""Who is behind a person_ref: told to services, and to nobody when the person was erased."""

from chassis.ports import Role
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.person import MongoPersons
from services.funds.domain.person import Language
from tests.support.city import Started
from tests.support.client import refused

REF = "0123456789abcdef" * 2
SERVICE = Role("service")


async def test_a_service_resolves_a_person_until_it_is_erased(funds: Started) -> None:
    store = funds.running.service.store
    persons = MongoPersons(store, lambda email: REF)

    async def keep(tx: StoreTransaction) -> str:
        return await persons.keep(tx, "Kim Beispiel", "kim@example.org", Language.EN)

    assert await store.transact(keep) == REF
    answer = await funds.call("ContactService/ResolveContact", {"person_ref": REF}, SERVICE)
    assert (answer.name, answer.email, answer.language) == ("Kim Beispiel", "kim@example.org", "en")
    for role in (Role("fund_office"), Role("operator"), Role("treasurer")):
        with refused("ROLE_MISSING", "PERMISSION_DENIED"):
            await funds.call("ContactService/ResolveContact", {"person_ref": REF}, role)
    await store.transact(lambda tx: persons.remove(tx, REF))
    with refused("PERSON_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ContactService/ResolveContact", {"person_ref": REF}, SERVICE)


async def test_what_is_no_person_ref_is_refused(funds: Started) -> None:
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "person_ref"):
        await funds.call("ContactService/ResolveContact", {"person_ref": "kim@example.org"}, SERVICE)


async def test_whoever_names_a_known_person_anew_does_not_change_where_they_are_written_to(funds: Started) -> None:
    store = funds.running.service.store
    persons = MongoPersons(store, lambda email: REF)

    async def keep(tx: StoreTransaction) -> str:
        await persons.keep(tx, "Kim", "kim@example.org", Language.DE)
        return await persons.keep(tx, "Kim Beispiel", "KIM@EXAMPLE.ORG", Language.DE)

    await store.transact(keep)
    answer = await funds.call("ContactService/ResolveContact", {"person_ref": REF}, SERVICE)
    assert (answer.name, answer.email) == ("Kim Beispiel", "kim@example.org")
