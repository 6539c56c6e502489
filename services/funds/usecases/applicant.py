"""Who applies: whether a caller may speak for an applicant, and whether a fund gives them money."""

from collections.abc import Mapping

from chassis.ports import Caller, Transaction
from services.funds.domain.affiliation import resolve
from services.funds.domain.application import Application
from services.funds.domain.fund_rules import ApplicantKind, FundRules
from services.funds.domain.known_actor import KnownActor
from services.funds.domain.refusals.application import (
    ApplicantNotActive,
    ApplicantNotEligible,
    ApplicantUnknown,
    ApplicationNotFound,
    NotYourApplicant,
)
from services.funds.domain.refusals.grant import OwnGrant
from services.funds.usecases.ports import ActorOwner, KnownActors

APPLICANTS = ("applicant", "partner")
NOT_MERGED: Mapping[str, str] = {}


def speaks_for(caller: Caller, actor_id: str, merged: Mapping[str, str] = NOT_MERGED) -> bool:
    """Only a role that names the actor, or one that is the same record after merges; bound to nobody speaks for nobody."""
    applying = (role for role in caller.roles if role.name in APPLICANTS)
    return any(resolve(own, merged) == resolve(actor_id, merged) for role in applying for own in role.actors)


def owns(caller: Caller, application: Application, merged: Mapping[str, str] = NOT_MERGED) -> bool:
    if application.applicant_sub and application.applicant_sub == caller.sub:
        return True
    return bool(application.applicant_actor_id) and speaks_for(caller, application.applicant_actor_id, merged)


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

    async def active(self, tx: Transaction, actor_id: str) -> KnownActor | None:
        """As `named`, refusing an applicant whose record is closed."""
        actor = await self.named(tx, actor_id)
        if actor is not None and actor.status in ("archived", "merged"):
            raise ApplicantNotActive(actor.status)
        return actor

    async def is_archived(self, tx: Transaction, actor_id: str) -> bool:
        """Whether the record that stands for this actor today is archived, as far as it is known here."""
        today = resolve(actor_id, await merges(self._actors, (actor_id,), tx))
        record = await self._actors.find(today, tx)
        return record is not None and record.status == "archived"

    async def eligible(self, tx: Transaction, actor_id: str, rules: FundRules) -> None:
        """Refuse an applicant whom the rules do not admit, or whose record is closed."""
        actor = await self.active(tx, actor_id)
        kind = ApplicantKind.PRIVATE_PERSON if actor is None else actor.kind
        if rules.who_may_apply and kind not in rules.who_may_apply:
            raise ApplicantNotEligible(kind)

    async def merged_of(self, caller: Caller, actor_id: str, tx: Transaction | None = None) -> Mapping[str, str]:
        """The merges that decide whether this caller speaks for this actor."""
        own = (actor for role in caller.roles if role.name in APPLICANTS for actor in role.actors)
        return await merges(self._actors, tuple(filter(None, (actor_id, *own))), tx)

    async def require_speaks_for(self, caller: Caller, actor_id: str, tx: Transaction | None = None) -> None:
        if not speaks_for(caller, actor_id, await self.merged_of(caller, actor_id, tx)):
            raise NotYourApplicant

    async def require_owner_or(
        self, caller: Caller, application: Application, *roles: str, tx: Transaction | None = None
    ) -> None:
        """Refuse all but the applicant and these roles; who has nothing to do with it is not told that there is one.

        A draft is its applicant's alone, also when it was given up, unless the office entered it from paper.
        """
        if owns(caller, application, await self.merged_of(caller, application.applicant_actor_id, tx)):
            return
        if application.is_private_draft or not caller.may(*roles, region=application.region):
            raise ApplicationNotFound(application.id)

    async def require_other(self, tx: Transaction, caller: Caller, application: Application) -> None:
        """Refuse the applicant, after merges: nobody decides for themselves."""
        if owns(caller, application, await self.merged_of(caller, application.applicant_actor_id, tx)):
            raise OwnGrant

    async def require_right_to_apply(self, tx: Transaction, caller: Caller, actor_id: str, region: str) -> bool:
        """Refuse who may not apply for this actor; whether the office enters what came on paper.

        Whoever of the office may apply, too, does so where no actor is named: or they could decide on their own.
        """
        if caller.may("fund_office", region=region):
            return bool(actor_id) or not any(role.name in APPLICANTS for role in caller.roles)
        if actor_id:
            await self.require_speaks_for(caller, actor_id, tx)
        if not any(role.name in APPLICANTS for role in caller.roles):
            caller.require("fund_office", region=region)
        return False

    async def same_as(self, actor_id: str, tx: Transaction | None = None) -> tuple[str, ...]:
        return await same_as(self._actors, actor_id, tx)


async def merges(actors: KnownActors, ids: tuple[str, ...], tx: Transaction | None) -> dict[str, str]:
    """For each of these actors, and each that it leads to, the record that it was merged into."""
    merged: dict[str, str] = {}
    wanted = set(ids)
    while wanted:
        found = {actor.id: actor.merged_into for actor in await actors.many(sorted(wanted), tx)}
        wanted = {target for target in found.values() if target} - merged.keys() - found.keys()
        merged |= found
    return merged


async def same_as(actors: KnownActors, actor_id: str, tx: Transaction | None = None) -> tuple[str, ...]:
    """All ids under which this actor may stand somewhere: its record of today, and every one that was merged into it."""
    found = {resolve(actor_id, await merges(actors, (actor_id,), tx))}
    new = found
    while new:
        into = {actor.id for id in sorted(new) for actor in await actors.merged_into(id, tx)}
        new = into - found
        found = found | new
    return tuple(sorted(found | {actor_id}))
