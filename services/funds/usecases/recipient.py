"""Recipients: whether money may go out to one, by what is known of its record today."""

from collections.abc import Iterable, Mapping

from chassis.ports import Transaction
from services.funds.domain.affiliation import resolve
from services.funds.domain.grant import Grant
from services.funds.domain.payment_hold import PaymentHold, hold_of
from services.funds.domain.refusals.payment import PaymentHeld
from services.funds.usecases.applicant import merges
from services.funds.usecases.ports import KnownActors


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

    async def require_free(self, tx: Transaction, grant: Grant) -> None:
        """Refuse while nothing may go out to the recipient; a private person is never held."""
        for hold in (await self.holds((grant,), tx)).values():
            raise PaymentHeld(hold)
