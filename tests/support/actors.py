"""Builders of actors and relations, in the domain's form and in the form of requests."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.ports import Role, new_id
from services.actors.domain.actor import Actor, ActorStatus
from services.actors.domain.contact import Contact, Visibility
from services.actors.domain.profile import ActorKind, Profile
from services.actors.domain.relation import Rank, Relation, RelationKind
from tests.support.city import Started

TODAY = date(2027, 1, 4)
COORDINATOR = Role("coordinator", regions=("11",))


def a_contact(visibility: Visibility = Visibility.PUBLIC, email: str = "kontakt@verein.example") -> Contact:
    return Contact(function="Kontakt", name="Kim Muster", email=email, visibility=visibility)


def a_profile(**changes: Any) -> Profile:
    told: dict[str, Any] = {
        "region": "114009",
        "kind": ActorKind.ASSOCIATION,
        "name": "Nachbarschaftshaus Neu-Lichtenberg e.V.",
        "is_public": True,
    }
    return Profile(**told | changes)


def an_actor(status: ActorStatus = ActorStatus.ACTIVE, **changes: Any) -> Actor:
    """An active public association in 114009, verified `TODAY`."""
    registered = Actor.register(new_id(), a_profile(**changes), TODAY, activate=True)
    return replace(registered, status=status)


def a_relation(**changes: Any) -> Relation:
    """Responsible for 114009 from `TODAY` on, first of all."""
    told: dict[str, Any] = {
        "id": new_id(),
        "region": "114009",
        "kind": RelationKind.RESPONSIBLE_FOR,
        "from_actor_id": "a",
        "target_region": "114009",
        "rank": Rank.MAIN,
        "from_day": TODAY,
    }
    return Relation(**told | changes)


def a_profile_request(**changes: Any) -> dict[str, Any]:
    """A profile as JSON of the proto; names differ so that none is a duplicate."""
    told = {
        "region": "114009",
        "kind": "ACTOR_KIND_ASSOCIATION",
        "name": f"Verein {new_id()}",
        "is_public": True,
    }
    return told | changes


async def registered(actors: Started, *, activate: bool = True, **profile: Any) -> Any:
    """The actor that a coordinator of Lichtenberg registered."""
    request = {"profile": a_profile_request(**profile), "activate": activate}
    return (await actors.call("ActorService/RegisterActor", request, COORDINATOR)).actor


async def responsible(actors: Started, actor_id: str, region: str, rank: str = "RANK_MAIN", **more: Any) -> Any:
    """The relation by which an actor is responsible for a region from 2027-01-04 on."""
    request = {
        "from_actor_id": actor_id,
        "kind": "RELATION_KIND_RESPONSIBLE_FOR",
        "target_region": region,
        "rank": rank,
        "from_day": TODAY.isoformat(),
    }
    return (await actors.call("RelationService/StartRelation", request | more, COORDINATOR)).relation
