"""What tests look at: a pot's balance, the proof of the ledger, the facts of a record, an item of an agenda."""

from typing import Any

from tests.support.city import Started
from tests.support.funds import AUDITOR, Pot


async def balance(funds: Started, pot: Pot) -> tuple[int, int]:
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


async def facts(funds: Started, id: str) -> list[str]:
    return [message.fact for message in await funds.said(id)]


def item(session: Any, application: Any) -> Any:
    return next(item for item in session.agenda if item.application_id == application.id)


async def verify(funds: Started) -> Any:
    """The proof of a ledger that has postings, and is correct."""
    found = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    assert found.postings > 0
    assert found.correct, found.differences
    return found
