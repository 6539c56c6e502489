"""How money moves in every use case: the budget, its posting and what is said of it are saved as one."""

from datetime import date

from chassis.ports import Transaction, berlin_day
from services.funds.domain.budget import Budget
from services.funds.domain.facts import BudgetThresholdReached, LedgerPosted
from services.funds.domain.ledger import Posting, Stamp, day_in_year
from services.funds.usecases.ports import Budgets, Ledger


def stamp(
    tx: Transaction,
    budget: Budget,
    by: str,
    *,
    reason: str = "",
    value_date: date | None = None,
    moved_on: date | None = None,
) -> Stamp:
    """Who (the `sub`) books now and why.

    Without a value date it is the day on which a bank moved the money, or today, or the nearest day of the budget's year.
    """
    day = value_date or day_in_year(moved_on or berlin_day(tx.at), budget.year)
    return Stamp(tx.at, day, by, reason, moved_on)


async def book(
    tx: Transaction, budgets: Budgets, ledger: Ledger, budget: Budget, posting: Posting, *facts: object
) -> Budget:
    """Save what a money method of Budget answered, and say LedgerPosted after the given facts of the budget.

    The facts' `state` is the budget as it is given here; a second booking of one budget in the same `tx` goes on from
    the budget that this returns.
    """
    kept, crossed = budget.with_threshold()
    reached = (BudgetThresholdReached(kept, percent) for percent in crossed)
    saved = await budgets.save(tx, kept, *facts, LedgerPosted(kept, posting), *reached)
    await ledger.insert(tx, posting)
    return saved
