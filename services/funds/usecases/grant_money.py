"""Moving the money of a grant that may stand in the budgets of several years: each cent goes back where it came from."""

from datetime import date

from chassis.ports import Transaction, berlin_day
from services.funds.domain.budget import Budget, BudgetStatus
from services.funds.domain.carrying import hand_on, require_following
from services.funds.domain.grant import Grant
from services.funds.domain.grant_position import (
    GrantPosition,
    claimed_from,
    claimed_no_more,
    not_received_by,
    positions,
    received_by,
    withdrawn_from,
)
from services.funds.domain.ledger import day_in_year
from services.funds.domain.refusals.payment import RefundAlreadyReceived
from services.funds.usecases.booking import book, stamp
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

    async def withdraw_claim(self, tx: Transaction, grant: Grant, cents: int, by: str, reason: str) -> None:
        for position, part in withdrawn_from(await self._stands(tx, grant), cents):
            budget = await self._budgets.get(position.budget_id, tx)
            when = stamp(tx, budget, by, reason=reason, value_date=position.booked_on(berlin_day(tx.at)))
            await book(tx, self._budgets, self._ledger, *budget.refund_claim_withdrawn(part, grant.id, when))

    async def receive_back(self, tx: Transaction, grant: Grant, cents: int, by: str, received_on: date) -> None:
        for position, part in received_by(await self._stands(tx, grant), cents):
            budget = await self._budgets.get(position.budget_id, tx)
            when = stamp(tx, budget, by, value_date=position.booked_on(received_on), moved_on=received_on)
            moved = budget.refund_received(part, grant.id, when, position.lapsing_cents(part))
            await book(tx, self._budgets, self._ledger, *moved)

    async def refund_did_not_come(self, tx: Transaction, grant: Grant, cents: int, by: str, reason: str) -> None:
        for position, part in not_received_by(await self._stands(tx, grant), cents):
            budget = await self._budgets.get(position.budget_id, tx)
            lapsed = min(part, position.refund_lapsed_cents)
            when = stamp(tx, budget, by, reason=reason)
            await book(tx, self._budgets, self._ledger, *budget.refund_corrected(part, grant.id, when, lapsed))

    async def send_back(
        self,
        tx: Transaction,
        grant: Grant,
        budget_id: str,
        cents: int,
        owed_cents: int,
        by: str,
        reason: str,
        day: date,
    ) -> Budget:
        """A payment of this budget came back: it is promised where the grant stands now, or after that year, if it is closed.

        `owed_cents` of what was claimed back are so no more. `grant` is as it was before.
        """
        stands = await self._stands(tx, grant)
        paying = next(p for p in stands if p.budget_id == budget_id)
        owed = {p.budget_id: part for p, part in claimed_no_more(stands, budget_id, owed_cents)}
        own = owed.pop(budget_id, 0)
        if cents - own > paying.paid_cents:
            raise RefundAlreadyReceived(grant.refunded_cents)
        for other in stands:
            if part := owed.get(other.budget_id):
                await self._returned(tx, other, 0, part, grant, by, reason, day)
        budget = await self._returned(tx, paying, cents, own, grant, by, reason, day)
        booked_on = paying.booked_on(day) if own else max(day, paying.claimed_on or day)
        home = await self._budgets.get(grant.budget_id, tx)
        while budget.year < home.year or budget.status is BudgetStatus.CLOSED:
            budget = await self._handed_on(tx, budget, cents, grant, by, reason, booked_on)
        return budget

    async def _returned(
        self,
        tx: Transaction,
        paid_from: GrantPosition,
        cents: int,
        owed: int,
        grant: Grant,
        by: str,
        reason: str,
        day: date,
    ) -> Budget:
        budget = await self._budgets.get(paid_from.budget_id, tx)
        when = stamp(tx, budget, by, reason=reason, value_date=paid_from.booked_on(day), moved_on=day)
        moved = budget.payment_returned(cents, owed, grant.id, when)
        return await book(tx, self._budgets, self._ledger, *moved)

    async def _handed_on(
        self, tx: Transaction, budget: Budget, cents: int, grant: Grant, by: str, reason: str, day: date
    ) -> Budget:
        known = (BudgetStatus.RELEASED, BudgetStatus.CLOSED)
        following = require_following(budget, await self._budgets.following(budget, tx), known)
        out, into = (
            stamp(tx, each, by, reason=reason, value_date=day_in_year(day, each.year)) for each in (budget, following)
        )
        carried, brought = hand_on(budget, following, cents, grant.id, out, into)
        await book(tx, self._budgets, self._ledger, *carried)
        return await book(tx, self._budgets, self._ledger, *brought)

    async def open_cents(self, tx: Transaction, grant: Grant) -> int:
        """What is promised and not paid."""
        return sum(position.committed_cents for position in await self._stands(tx, grant))

    async def _stands(self, tx: Transaction, grant: Grant) -> tuple[GrantPosition, ...]:
        return positions(await self._ledger.of_grant(grant.id, tx))
