"""A decision that tests correct."""

from typing import Any

from tests.support.city import Started
from tests.support.funds import OFFICE
from tests.support.funds_grant import IBAN
from tests.support.funds_round import Round, a_call


async def balance(call: Round) -> tuple[int, int]:
    budget = (await call.funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


def item(session: Any, application: Any) -> Any:
    return next(item for item in session.agenda if item.application_id == application.id)


async def decided(funds: Started, *choices: str, **more: Any) -> tuple[Round, Any]:
    """One application of 800 € that was voted on and concluded."""
    call = await a_call(funds, **more)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, *choices)
    await call.conclude(application)
    return call, application


async def agree(call: Round, application: Any) -> None:
    grant_id = (await call.read(application)).grant_id
    payee = {"agreement_number": "L-1", "payee_name": "Anna Beispiel", "iban": IBAN}
    await call.funds.call("GrantService/AgreeGrant", {"grant_id": grant_id} | payee, OFFICE, sub="office")


def vote(call: Round, application: Any, member: int, choice: str) -> dict[str, Any]:
    said = {"application_id": application.id, "member_id": call.members[member], "choice": f"CHOICE_{choice}"}
    return said | {"reason": "verhört"}
