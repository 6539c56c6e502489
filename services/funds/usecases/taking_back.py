"""Taking an award back before money was paid: the grant ends, and what was committed for it is free again."""

from chassis.ports import Transaction
from services.funds.domain import settlement
from services.funds.domain.facts.grant import GrantCancelled
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.grant_timers import UNTIL_PROVEN
from services.funds.usecases.ports import Claims, Grants
from services.funds.usecases.receipt import ReceiptDesk


class TakingBack:
    def __init__(self, grants: Grants, money: GrantMoney, claims: Claims, desk: ReceiptDesk) -> None:
        self._grants, self._money, self._claims, self._desk = grants, money, claims, desk

    async def take_back(self, tx: Transaction, grant_id: str, reason: str, by: str) -> Grant:
        """What the recipient, or the office for them, may do until the first payment; refused after it."""
        grant = await self._grants.get(grant_id, tx)
        cancelled = settlement.cancel(grant, reason, by, tx.at)
        for purpose in UNTIL_PROVEN:
            tx.cancel_timer(grant.id, purpose)
        freed_cents = cancelled.returned_cents - grant.returned_cents
        await self._money.give_back(tx, cancelled, freed_cents, by, reason)
        # Nothing was paid for these receipts: they count nowhere, and may be handed in for another grant.
        for claim in await self._claims.all_of(tx, grant.id):
            await self._desk.free(tx, claim.counting)
        return await self._grants.save(tx, cancelled, GrantCancelled(cancelled))

    async def undo(self, tx: Transaction, grant_id: str, reason: str, by: str) -> Grant:
        """What a correction does: only while nothing is agreed, for nobody relies on it yet."""
        (await self._grants.get(grant_id, tx)).require(GrantStatus.AWARDED)
        return await self.take_back(tx, grant_id, reason, by)

    async def can_undo(self, tx: Transaction, grant_id: str) -> bool:
        return (await self._grants.get(grant_id, tx)).status is GrantStatus.AWARDED

    async def locks(self, grant_id: str) -> tuple[str, ...]:
        """The grant and its budgets, to queue for; nothing where there is no grant."""
        grant = await self._grants.find(grant_id) if grant_id else None
        return await self._money.places(grant) if grant else ()
