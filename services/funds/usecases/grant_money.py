"""Moving the money of a grant that may stand in the budgets of several years: each cent goes back where it came from."""

from datetime import date

from chassis.ports import Transaction
from services.funds.domain.grant import Grant
from services.funds.domain.grant_position import GrantPosition, claimed_from, positions, received_by
from services.funds.usecases.booking import book, day_in_year, stamp
from services.funds.usecases.ports import Budgets, Ledger


class GrantMoney:
    def __init__(self, budgets: Budgets, ledger: Ledger) -> None:
        self._budgets, self._ledger = budgets, ledger

    async def places(self, grant: Grant) -> tuple[str, ...]:
        """What a movement queues for: the grant, and every budget in which its money stands or stood."""
        found = positions(await self._ledger.of_grant(grant.id))
        return (grant.id, grant.budget_id, *(position.budget_id for position in found))

    async def promise(self, tx: Transaction, grant: Grant, cents: int, by: str, reason: str) -> None:
        """More for the grant, from the budget in which it stands."""
        budget = await self._budgets.get(grant.budget_id, tx)
        when = stamp(tx, budget, by, reason=reason)
        await book(tx, self._budgets, self._ledger, *budget.commit(cents, grant.id, when))

    async def give_back(self, tx: Transaction, grant: Grant, cents: int, by: str, reason: str) -> None:
        """Free what was promised: it stands in the grant's present budget alone."""
        here = next(p for p in await self._stands(tx, grant) if p.budget_id == grant.budget_id)
        budget = await self._budgets.get(grant.budget_id, tx)
        when = stamp(tx, budget, by, reason=reason)
        moved = budget.uncommit(cents, grant.id, when, here.lapsing_cents(cents))
        await book(tx, self._budgets, self._ledger, *moved)

    async def claim_back(self, tx: Transaction, grant: Grant, cents: int, by: str, reason: str) -> None:
        for position, part in claimed_from(await self._stands(tx, grant), cents):
            budget = await self._budgets.get(position.budget_id, tx)
            when = stamp(tx, budget, by, reason=reason)
            await book(tx, self._budgets, self._ledger, *budget.refund_claimed(part, grant.id, when))

    async def receive_back(self, tx: Transaction, grant: Grant, cents: int, by: str, received_on: date) -> None:
        for position, part in received_by(await self._stands(tx, grant), cents):
            budget = await self._budgets.get(position.budget_id, tx)
            when = stamp(tx, budget, by, value_date=day_in_year(received_on, budget.year))
            moved = budget.refund_received(part, grant.id, when, position.lapsing_cents(part))
            await book(tx, self._budgets, self._ledger, *moved)

    async def open_cents(self, tx: Transaction, grant: Grant) -> int:
        """What is promised and not paid."""
        return sum(position.committed_cents for position in await self._stands(tx, grant))

    async def _stands(self, tx: Transaction, grant: Grant) -> tuple[GrantPosition, ...]:
        return positions(await self._ledger.of_grant(grant.id, tx))
