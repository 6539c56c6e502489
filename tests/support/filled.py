"""Records of actors, events and notify with all their fields filled, made by real calls, and the requests that read them."""

from datetime import timedelta
from typing import Any

from chassis.ports import Role, new_id
from kiezctl.issuer import ROLES
from tests.support.actors import COORDINATOR, registered, responsible
from tests.support.city import Started
from tests.support.events import a_draft_request, publish_event

Asked = dict[str, list[dict[str, Any]]]
OWNER = "anna"


async def in_actors(actors: Started) -> Asked:
    contact = {"name": "Kim Muster", "phone": "030 1", "email": "k@verein.example", "url": "https://verein.example"}
    full: dict[str, Any] = {
        "short_name": "NH",
        "legal_form": "e. V.",
        "descriptions": [{"language": "de", "text": "Ein Haus für alle."}],
        "topics": ["nachbarschaft"],
        "target_groups": ["familien"],
        "languages": ["de"],
        "addresses": [
            {
                "street": "Ribnitzer Straße 1b",
                "postal_code": "13051",
                "city": "Berlin",
                "region": "114009",
                "point": {"latitude": 52.5, "longitude": 13.5},
            }
        ],
        "service_regions": ["114009"],
        "contacts": [
            contact | {"function": name, "regions": ["11"], "visibility": f"VISIBILITY_{name}"}
            for name in ("PUBLIC", "PARTNERS", "INTERNAL")
        ],
        "opening_hours": {
            "slots": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
            "by_appointment": True,
            "note": "klingeln",
        },
        "accessibility": ["ACCESSIBILITY_FACT_STEP_FREE"],
        "identifiers": [{"scheme": "vereinsregister", "value": f"VR {new_id()}"}],
        "source": "Bezirk",
        "licence": "CC0",
    }
    shown = await registered(actors, **full)
    hidden = await registered(actors, is_public=False, **(full | {"identifiers": []}))
    for actor, rank in ((shown, "RANK_MAIN"), (hidden, "RANK_PLUS")):
        await responsible(actors, actor.id, "114009", rank, until_day="2027-12-31")
    both = {"from_actor_id": shown.id, "to_actor_id": hidden.id, "kind": "RELATION_KIND_COOPERATES_WITH"}
    await actors.call("RelationService/StartRelation", both, COORDINATOR)
    one = [{"actor_id": shown.id}, {"actor_id": hidden.id}]
    return {
        "ActorService/GetActor": one,
        "ActorService/BatchGetActors": [{"actor_ids": [shown.id, hidden.id]}],
        "ActorService/ListActors": [{"region": "114009", "page_size": 500}],
        "RelationService/ListRelations": one,
        "RelationService/ListResponsible": [{"region": "114009", "day": "2027-02-01"}],
    }


async def in_events(events: Started) -> Asked:
    start = (await events.now()).replace(microsecond=0) + timedelta(days=30)
    place = a_draft_request(start)["place"] | {
        "point": {"latitude": 52.5, "longitude": 13.5},
        "accessibility": ["ACCESSIBILITY_FACT_STEP_FREE"],
        "accessibility_note": "Rampe am Hof",
    }
    full: dict[str, Any] = {
        "description": "Ein Fest.",
        "co_organiser_ids": [new_id()],
        "place": place,
        "online": {"url": "https://treffen.example", "access": "Kennwort 4711"},
        "agenda": [{"title": "Begrüßung", "text": "Kurz."}],
        "registration": "REGISTRATION_MODE_PER_DATE",
        "capacity": 1,
        "cost": "frei",
        "target_groups": ["familien"],
        "languages": ["de"],
        "topics": ["fest"],
        "url": "https://fest.example",
        "grant_id": new_id(),
    }
    organiser = new_id()
    full["organiser_id"] = organiser
    public = await publish_event(events, start, **full)
    await publish_event(events, start, visibility="EVENT_VISIBILITY_INTERNAL", **full)
    person = {"event_id": public.id, "name": "Kim Beispiel"}
    for _ in range(2):
        await events.call("RegistrationService/Register", person | {"email": f"{new_id()}@example.org"}, sub=OWNER)
    again = [{"email": f"{new_id()}@example.org"} for _ in range(len(ROLES) + 1)]
    roomy = await publish_event(events, start, **(full | {"capacity": 100}))
    cancelled = await publish_event(events, start, **full)
    reason = {"event_id": cancelled.id, "reason": "Sturm"}
    await events.call("CalendarEventService/CancelCalendarEvent", reason, Role("coordinator"))
    # Not what funds says of its sessions meanwhile.
    theirs = {"region": "114009", "organiser_id": organiser, "page_size": 500}
    return {
        "CalendarEventService/GetCalendarEvent": [{"event_id": public.id}, {"event_id": cancelled.id}],
        "CalendarEventService/ListCalendarEvents": [theirs],
        "RegistrationService/Register": [person | again[0], person | again[1] | {"event_id": roomy.id}],
    }


async def in_notify(notify: Started) -> Asked:
    full: dict[str, Any] = {
        "region": "114009",
        "regions": ["114009", "1140"],
        "texts": [{"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Die Straße ist gesperrt."}],
        "topics": ["verkehr"],
        "links": [{"title": "Karte", "url": "https://karte.example"}],
        "until": "2099-01-01T00:00:00Z",
    }
    ids = []
    for publish in (True, True, False):
        made = await notify.call("AnnouncementService/CreateAnnouncement", full, COORDINATOR)
        ids.append(made.announcement.id)
        if publish:
            await notify.call("AnnouncementService/PublishAnnouncement", {"announcement_id": ids[-1]}, COORDINATOR)
    return {
        "AnnouncementService/GetAnnouncement": [{"announcement_id": id} for id in ids],
        "AnnouncementService/ListAnnouncements": [{"region": "114009", "page_size": 500}],
    }
