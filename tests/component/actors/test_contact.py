"""A function mailbox is resolved at the moment of sending."""

from chassis.persons import person_ref
from chassis.ports import Role, new_id
from tests.support.actors import COORDINATOR, registered
from tests.support.city import Started
from tests.support.client import refused

SERVICE = Role("service")


async def test_a_mailbox_is_found_by_its_reference_until_the_actor_is_archived(actors: Started) -> None:
    email = f"Buero-{new_id()}@verein.example"
    actor = await registered(actors, name=f"Haus {email[6:14]}", contacts=[{"function": "Büro", "email": email}])
    key = actors.running.service.settings.person_key()
    query = {"person_ref": person_ref(key, email.lower())}
    found = await actors.call("ContactService/ResolveContact", query, SERVICE)
    assert (found.name, found.email, found.language) == (f"{actor.name}, Büro", email, "de")
    await actors.call("ActorService/ArchiveActor", {"actor_id": actor.id, "reason": "zu"}, COORDINATOR)
    with refused("NO_SUCH_MAILBOX", "NOT_FOUND"):
        await actors.call("ContactService/ResolveContact", query, SERVICE)


async def test_only_services_resolve_contacts(actors: Started) -> None:
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await actors.call("ContactService/ResolveContact", {"person_ref": "0" * 32}, COORDINATOR)
    with refused("INVALID_FIELDS", field="person_ref"):
        await actors.call("ContactService/ResolveContact", {"person_ref": "kim"}, SERVICE)
