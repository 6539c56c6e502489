"""Who applies: whether a caller may speak for an applicant, and whether a fund gives them money."""

from chassis.ports import Caller, Transaction
from services.funds.domain.affiliation import resolve
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.fund_rules import ApplicantKind, FundRules
from services.funds.domain.known_actor import KnownActor
from services.funds.domain.refusals.application import (
    ApplicantNotActive,
    ApplicantNotEligible,
    ApplicantUnknown,
    ApplicationNotFound,
    NotYourApplicant,
)
from services.funds.usecases.ports import ActorOwner, KnownActors

APPLICANTS = ("applicant", "partner")


def speaks_for(caller: Caller, actor_id: str) -> bool:
    """Only a role that names the actor: one that is bound to nobody speaks for nobody."""
    return any(role.name in APPLICANTS and actor_id in role.actors for role in caller.roles)


def owns(caller: Caller, application: Application) -> bool:
    if application.applicant_sub and application.applicant_sub == caller.sub:
        return True
    return bool(application.applicant_actor_id) and speaks_for(caller, application.applicant_actor_id)


def require_owner_or(caller: Caller, application: Application, *roles: str) -> None:
    """Refuse all but the applicant and these roles; who has nothing to do with it is not told that there is one.

    A draft is its applicant's alone, unless the office entered it from paper.
    """
    if owns(caller, application):
        return
    is_private = application.status is ApplicationStatus.DRAFT and application.applicant_sub
    if is_private or not caller.may(*roles, region=application.region):
        raise ApplicationNotFound(application.id)


class Applicants:
    def __init__(self, actors: KnownActors, owner: ActorOwner) -> None:
        self._actors, self._owner = actors, owner

    async def named(self, tx: Transaction, actor_id: str) -> KnownActor | None:
        """The actor that applies, after merges; None for a private person."""
        if not actor_id:
            return None
        merged = await merges(self._actors, (actor_id,), tx)
        stands_for_it = resolve(actor_id, merged)
        actor = await self._actors.find(stands_for_it, tx) or await self._owner.ask(stands_for_it, tx.trail)
        if actor is None:
            raise ApplicantUnknown
        return actor

    async def eligible(self, tx: Transaction, actor_id: str, rules: FundRules) -> None:
        """Refuse an applicant whom the rules do not admit, or whose record is closed."""
        actor = await self.named(tx, actor_id)
        if actor is not None and actor.status in ("archived", "merged"):
            raise ApplicantNotActive(actor.status)
        kind = ApplicantKind.PRIVATE_PERSON if actor is None else actor.kind
        if rules.who_may_apply and kind not in rules.who_may_apply:
            raise ApplicantNotEligible(kind)


def require_right_to_apply(caller: Caller, actor_id: str, region: str) -> bool:
    """Refuse who may not apply for this actor; whether the office enters what came on paper."""
    if caller.may("fund_office", region=region):
        return True
    if actor_id and not speaks_for(caller, actor_id):
        raise NotYourApplicant
    if not any(role.name in APPLICANTS for role in caller.roles):
        caller.require("fund_office", region=region)
    return False


async def merges(actors: KnownActors, ids: tuple[str, ...], tx: Transaction | None) -> dict[str, str]:
    """For each of these actors, and each that it leads to, the record that it was merged into."""
    merged: dict[str, str] = {}
    wanted = set(ids)
    while wanted:
        found = {actor.id: actor.merged_into for actor in await actors.many(sorted(wanted), tx)}
        wanted = {target for target in found.values() if target} - merged.keys() - found.keys()
        merged |= found
    return merged
