"""What is played in the services, in the beginning to its end, later again and again with hostile variants of its steps."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from chassis.persons import person_ref
from chassis.ports import Role, new_id
from tests.faults.fuzz import funds_stories
from tests.support.actors import COORDINATOR as KEEPER
from tests.support.actors import registered, responsible
from tests.support.city import Started
from tests.support.events import publish_event, register, registration_now
from tests.support.notify import COORDINATOR, MailServer, a_follower

Story = Callable[[Started], Awaitable[Any]]


async def registrations(events: Started) -> None:
    for capacity in (1, 20):
        mode = {"registration": "REGISTRATION_MODE_PER_DATE", "capacity": capacity}
        event = await publish_event(events, await events.now() + timedelta(days=20), **mode)
        for seats in (1, 1, 1):
            await register(events, event.id, seats)
    offered = await publish_event(
        events, await events.now() + timedelta(days=20), registration="REGISTRATION_MODE_PER_DATE", capacity=1
    )
    persons = [{"event_id": offered.id, "name": "Kim", "email": f"{new_id()}@example.org"} for _ in range(2)]
    first, second = [
        (await events.call("RegistrationService/Register", person, sub=sub)).registration.id
        for person, sub in zip(persons, ("kim", "anna"), strict=True)
    ]
    await events.call("RegistrationService/CancelRegistration", {"registration_id": first}, sub="kim")
    await events.call("RegistrationService/AcceptOffer", {"registration_id": second}, sub="anna")
    asked = {"person_ref": (await registration_now(events, second)).person_ref, "registration_id": second}
    await events.call("ContactService/ResolveContact", asked, Role("service"))


async def some_actors(actors: Started) -> None:
    one = await registered(actors)
    await registered(actors, activate=False)
    await responsible(actors, one.id, "114009")
    email = f"{new_id()}@verein.example"
    contacts = [{"function": "Büro", "email": email, "visibility": "VISIBILITY_PUBLIC"}]
    profile = {"region": "114009", "kind": "ACTOR_KIND_ASSOCIATION", "name": f"Verein {new_id()}", "contacts": contacts}
    await actors.call("ActorService/UpdateActor", {"actor_id": one.id, "profile": profile}, KEEPER)
    ref = person_ref(actors.running.service.settings.person_key(), email)
    await actors.call("ContactService/ResolveContact", {"person_ref": ref}, Role("service"))


async def an_announcement(notify: Started) -> None:
    text = {"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag."}
    request = {"region": "114009", "regions": ["114009"], "texts": [text]}
    created = await notify.call("AnnouncementService/CreateAnnouncement", request, COORDINATOR)
    publish = {"announcement_id": created.announcement.id}
    better = publish | {"texts": [text | {"body": "Am Sonntag."}]}
    await notify.call("AnnouncementService/UpdateAnnouncement", better, COORDINATOR)
    await notify.call("AnnouncementService/PublishAnnouncement", publish, COORDINATOR)


USUAL: tuple[tuple[str, Story], ...] = (
    *(("funds", story) for story in funds_stories.USUAL),
    ("events", registrations),
    ("actors", some_actors),
    ("notify", an_announcement),
)
LONG: tuple[tuple[str, Story], ...] = tuple(("funds", story) for story in funds_stories.LONG)
SELDOM = 3


async def play(services: dict[str, Started], mails: MailServer) -> None:
    """All but the long ones, each to its end."""
    await a_follower(services["notify"], mails)
    for service, story in USUAL:
        await story(services[service])


async def play_again(services: dict[str, Started], time: int) -> None:
    """New records for those that have ended, for the so manieth time. A step that a hostile variant has taken may lead nowhere."""
    for service, story in (*USUAL, *(LONG if time % SELDOM == 0 else ())):
        with suppress(Exception):
            await story(services[service])
