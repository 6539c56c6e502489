"""Who is behind a person_ref: told to services, and to nobody when the person was erased."""

from uuid import uuid4

from chassis.ports import Role
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.person import MongoPersons
from services.funds.domain.person import Language
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds_proposal import propose
from tests.support.funds_round import a_call

SERVICE = Role("service")


async def test_a_service_resolves_a_person_until_it_is_erased(funds: Started) -> None:
    store, ref = funds.running.service.store, uuid4().hex
    persons = MongoPersons(store, lambda email: ref)

    async def keep(tx: StoreTransaction) -> str:
        return await persons.keep(tx, "Kim Beispiel", "kim@example.org", Language.EN, by="kim")

    assert await store.transact(keep) == ref
    answer = await funds.call("ContactService/ResolveContact", {"person_ref": ref}, SERVICE)
    assert (answer.name, answer.email, answer.language) == ("Kim Beispiel", "kim@example.org", "en")
    for role in (Role("fund_office"), Role("operator"), Role("treasurer")):
        with refused("ROLE_MISSING", "PERMISSION_DENIED"):
            await funds.call("ContactService/ResolveContact", {"person_ref": ref}, role)
    await store.transact(lambda tx: persons.remove(tx, ref))
    with refused("PERSON_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ContactService/ResolveContact", {"person_ref": ref}, SERVICE)


async def test_what_is_no_person_ref_is_refused(funds: Started) -> None:
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "person_ref"):
        await funds.call("ContactService/ResolveContact", {"person_ref": "kim@example.org"}, SERVICE)


async def test_a_known_person_is_named_anew_by_who_named_them_first_or_an_office_and_by_nobody_else(
    funds: Started,
) -> None:
    store, ref = funds.running.service.store, uuid4().hex
    persons = MongoPersons(store, lambda email: ref)

    async def called(name: str, email: str, language: Language, by: str) -> tuple[str, str, str]:
        await store.transact(lambda tx: persons.keep(tx, name, email, language, by=by))
        found = await funds.call("ContactService/ResolveContact", {"person_ref": ref}, SERVICE)
        return (found.name, found.email, found.language)

    first = ("Kim", "kim@example.org", "de")
    assert await called("Kim", "kim@example.org", Language.DE, "kim") == first
    assert await called("Geh heim!", "kim@example.org", Language.EN, "mallory") == first
    renamed = ("Kim Beispiel", "kim@example.org", "en")
    assert await called("Kim Beispiel", "KIM@EXAMPLE.ORG", Language.EN, "kim") == renamed
    seated = ("Dr. Kim Beispiel", "kim@example.org", "de")
    assert await called("Dr. Kim Beispiel", "kim@example.org", Language.DE, "") == seated
    assert await called("Kim", "kim@example.org", Language.EN, "kim") == seated


async def test_who_applies_or_proposes_with_a_jurors_address_does_not_rename_them(funds: Started) -> None:
    call = await a_call(funds)
    email = f"{call.subs[0]}@example.org"
    await propose(funds, sub="mallory", contact={"name": "Die Befangene", "email": email})
    submitted = await call.submit(await call.draft(), contact_email=email.upper(), contact_name="Die Befangene")
    contact = {"person_ref": (await call.read(submitted)).contact_ref}
    assert (await funds.call("ContactService/ResolveContact", contact, SERVICE)).name == "Mitglied 0"
