"""Money of callers who leave: whether one cancels or its deadline passes, and wherever in the store, what it asks again is done once."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Role, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started, a_quiet_city
from tests.support.client import Client
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import TREASURER, agreed, get_grant
from tests.support.funds_round import a_rolling_call
from tests.support.interleaving import Command
from tests.support.leaving import cancels, left_at_every_step, waits_too_long

pytestmark = pytest.mark.timeout(180)
HASTY_SECONDS = 0.5
LEAVING = pytest.mark.parametrize("leave", [cancels, waits_too_long])


@pytest_asyncio.fixture(scope="module")
async def funds(city: City) -> AsyncIterator[Started]:
    async with a_quiet_city(city) as quiet, quiet.service("funds") as running:
        yield running
        proof = await running.call("LedgerService/VerifyLedger", {}, AUDITOR, Role("fund_office"))
        assert not proof.differences


def _twice(
    funds: Started, leave: Callable[[Any], None], rpc: str, role: Role, **fields: Any
) -> tuple[Command, Command]:
    """One request, by one who has little time where it is the deadline that passes, and by one who has time."""
    request, first = fields | {"request_id": new_id()}, Client(f"127.0.0.1:{funds.running.grpc_port}", "funds")
    if leave is waits_too_long:
        first.seconds = HASTY_SECONDS
    hasty = Started(funds.city, funds.running, first)

    async def once() -> Any:
        try:
            return await hasty.call(rpc, request, role, sub="clerk")
        finally:
            await first.channel.close()

    return once, lambda: funds.call(rpc, request, role, sub="clerk")


async def _facts(funds: Started, *aggregates: str) -> list[str]:
    return [said.fact for aggregate in aggregates for said in await funds.said(aggregate)]


@LEAVING
async def test_what_is_ordered_by_one_who_left_is_ordered_once(funds: Started, leave: Callable[[Any], None]) -> None:
    pot = await a_pot(funds)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(funds, pot, payout=Payout.ADVANCE, approved_cents=20_000))
        order: dict[str, Any] = {"grant_id": grants[-1].id, "amount_cents": 10_000}
        return _twice(funds, leave, "PaymentService/OrderPayment", TREASURER, **order)

    async for answer in left_at_every_step(funds, prepare, leave):
        one = {"grant_id": grants[-1].id}
        (payment,) = (await funds.call("PaymentService/ListPayments", one, TREASURER)).payments
        assert answer.payment == payment
        # Of 200 €, 100 € would be there for a second order.
        assert (await get_grant(funds, grants[-1], TREASURER)).in_flight_cents == 10_000
        assert await _facts(funds, payment.id) == ["payment_ordered"]


@LEAVING
async def test_what_is_awarded_by_one_who_left_is_awarded_once(funds: Started, leave: Callable[[Any], None]) -> None:
    call = await a_rolling_call(funds)
    budget = {"budget_id": call.pot.budget_id}
    steps = 0

    async def prepare() -> tuple[Command, Command]:
        application = await call.apply(10_000)
        await call.check("AdmitApplication", application)
        award = budget | {"application_id": application.id, "amount_cents": 10_000}
        return _twice(funds, leave, "ApplicationService/AwardApplication", OFFICE, **award)

    async for answer in left_at_every_step(funds, prepare, leave):
        steps += 1
        awarded = answer.application
        postings = (await funds.call("LedgerService/ListPostings", budget, OFFICE)).postings
        assert [posting.grant_id for posting in postings].count(awarded.grant_id) == 1
        assert (await funds.call("BudgetService/GetBudget", budget, OFFICE)).budget.committed_cents == 10_000 * steps
        assert await _facts(funds, awarded.grant_id) == ["grant_awarded"]
        assert (await _facts(funds, awarded.id)).count("application_approved") == 1
