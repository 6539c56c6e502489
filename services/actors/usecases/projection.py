"""What of an actor a caller may see: everything, what partners see, what everybody sees, or nothing."""

from chassis.ports import Caller
from services.actors.domain.actor import Actor
from services.actors.domain.contact import Visibility

KEEPERS = ("coordinator", "fund_office", "auditor", "operator", "service")
_PARTNERS = (*KEEPERS, "partner")


def keeps(caller: Caller, region: str) -> bool:
    """Whether the caller sees every record of this region as it is."""
    return caller.may(*KEEPERS, region=region)


def clearance(caller: Caller, region: str) -> Visibility:
    """Staff of another region are partners; a partner is one wherever the actor is."""
    if keeps(caller, region):
        return Visibility.INTERNAL
    is_partner = any(role.name in _PARTNERS for role in caller.roles)
    return Visibility.PARTNERS if is_partner else Visibility.PUBLIC


def project(actor: Actor, caller: Caller) -> Actor | None:
    """The actor as this caller may see it; None when for this caller it is not there."""
    if not actor.is_shown_publicly and not keeps(caller, actor.region):
        return None
    return actor.seen_with(clearance(caller, actor.region))
