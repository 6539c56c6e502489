"""Who may call an rpc, and how far each role reaches there: the edge asks for the role, the use case for the reach."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.ports import Caller
from chassis.refusals import Forbidden, Unauthenticated

EVERYONE = "everyone"


class Reach(StrEnum):
    """What of an rpc's records a role reaches. Beside PUBLIC it says who sees or does more than everyone."""

    PUBLIC = "public"
    """What is public, also without a token."""
    ANYWHERE = "anywhere"
    """Every record of its kind, whatever the role is bound to."""
    REGION = "region"
    """What lies in the role's regions; a role that names none reaches the whole city."""
    ACTOR = "actor"
    """What lies in the role's regions and belongs to one of the actors that it names, if it names any."""
    OWN = "own"
    """What belongs to the caller's `sub`, or to an actor that the role names."""
    SEAT = "seat"
    """What lies in the role's regions and is for the `sub` that has the seat."""
    CITY = "city"
    """The whole city at once: a role that is bound to regions or actors does not reach."""


Access = Mapping[str, Reach]
"""The line of one rpc: the reach of each role that may call it."""

PUBLIC: dict[str, Reach] = {EVERYONE: Reach.PUBLIC}


def anywhere(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.ANYWHERE)


def by_region(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.REGION)


def by_actor(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.ACTOR)


def own(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.OWN)


def by_seat(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.SEAT)


def city_wide(*roles: str) -> dict[str, Reach]:
    return dict.fromkeys(roles, Reach.CITY)


def check_access(caller: Caller, access: Access) -> None:
    """Refuse who has none of the roles at all; how far a role reaches is for the use case to ask."""
    if EVERYONE in access:
        return
    if caller.is_public:
        raise Unauthenticated("NO_TOKEN", "Send a bearer token; `kiezctl token` makes one for trying out.")
    if not any(role.name in access for role in caller.roles):
        raise Forbidden("ROLE_MISSING", f"This needs the role {' or '.join(access)}.")
