"""Recipients: who speaks for one, and whether money may go out to it, by what is known of its record today."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from chassis.ports import Caller, Role, Transaction
from services.funds.domain.affiliation import resolve
from services.funds.domain.grant import Grant
from services.funds.domain.names import with_own_name_only
from services.funds.domain.payment_hold import PaymentHold, hold_of
from services.funds.domain.refusals.payment import PaymentHeld
from services.funds.usecases.applicant import APPLICANTS, merges, same_as
from services.funds.usecases.ports import KnownActors

# Who keeps the files of grants in a region.
OFFICES = ("fund_office", "treasurer", "auditor")
R = TypeVar("R")


def file_as_read_by(caller: Caller, grant: Grant, record: R) -> R:
    """A record of the grant's file, for its office or for a party, who reads of all names its own."""
    return record if caller.may(*OFFICES, region=grant.region) else with_own_name_only(record, caller.sub)


class Recipients:
    def __init__(self, actors: KnownActors) -> None:
        self._actors = actors

    async def holds(self, grants: Iterable[Grant], tx: Transaction | None = None) -> Mapping[str, PaymentHold]:
        """Why nothing is paid now, by the id of the grant; a merged record counts as the one that it went into."""
        recipients = {grant.id: grant.recipient_actor_id for grant in grants if grant.recipient_actor_id}
        merged = await merges(self._actors, tuple(recipients.values()), tx)
        today = {grant_id: resolve(actor_id, merged) for grant_id, actor_id in recipients.items()}
        actors = {actor.id: actor for actor in await self._actors.many(sorted(set(today.values())), tx)}
        held = {grant_id: hold_of(actors.get(actor_id)) for grant_id, actor_id in today.items()}
        return {grant_id: hold for grant_id, hold in held.items() if hold}

    async def party(self, caller: Caller, *grants: Grant, tx: Transaction | None = None) -> Caller:
        """The caller, speaking for these recipients too whose records are one with an actor of the own roles after merges.

        What `Grant.is_of` lets in and what it keeps out then follow a merge: nobody pays what has become their own.
        """
        own = {actor for role in caller.roles if role.name in APPLICANTS for actor in role.actors}
        others = {grant.recipient_actor_id for grant in grants} - own - {""}
        if not own or not others:
            return caller
        merged = await merges(self._actors, (*own, *others), tx)
        today = {resolve(actor, merged) for actor in own}
        same = tuple(sorted(actor for actor in others if resolve(actor, merged) in today))
        return replace(caller, roles=(*caller.roles, Role(APPLICANTS[0], actors=same))) if same else caller

    async def require_other(self, tx: Transaction, caller: Caller, grant: Grant) -> None:
        """Refuse the recipient, after merges: nobody decides for themselves."""
        grant.require_other(await self.party(caller, grant, tx=tx))

    async def same_as(self, actor_id: str) -> tuple[str, ...]:
        """All ids under which a recipient may stand in grants; none for no recipient."""
        return await same_as(self._actors, actor_id) if actor_id else ()

    async def require_free(self, tx: Transaction, grant: Grant) -> None:
        """Refuse while nothing may go out to the recipient; a private person is never held."""
        for hold in (await self.holds((grant,), tx)).values():
            raise PaymentHeld(hold)
