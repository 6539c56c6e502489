"""200 awards at once on one budget, against the same transactions one after the other; the pot is too small for all."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from bench.measure import Row, in_turns
from bench.rig import Served, Sizes, served
from chassis.ports import Role, new_id
from tests.support.city import City
from tests.support.funds import AUDITOR, OFFICE, Pot
from tests.support.funds_round import a_rolling_call

AMOUNT_CENTS = 10_000


async def rows(city: City, sizes: Sizes) -> list[Row]:
    at_once, fit = (200, 190) if sizes.rounds > 1 else (10, 8)
    rounds = min(sizes.rounds, 3)
    async with served(city, "funds") as funds:
        pots = [await _pot(funds, at_once, fit) for _ in range(2 * (rounds + 1))]

        async def product() -> float:
            pot, calls = pots.pop()
            began = time.perf_counter()
            answers = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
            seconds = time.perf_counter() - began
            await _require_exact(funds, pot, [a for a in answers if not isinstance(a, BaseException)], fit)
            return at_once / seconds

        async def raw() -> float:
            _, calls = pots.pop()
            began = time.perf_counter()
            for call in calls:
                try:
                    await call()
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                        raise
            return at_once / (time.perf_counter() - began)

        found = await in_turns(product, raw, rounds)
    note = f"{at_once} awards on a pot for {fit}: each time exactly {fit} were made, and the ledger verified"
    return [Row(f"{at_once} awards at once", "awards/s", *found, goal=0.8, note=note)]


async def _pot(funds: Served, count: int, fit: int) -> tuple[Pot, list[Callable[[], Awaitable[bytes]]]]:
    there: Any = funds
    call = await a_rolling_call(there, released_cents=fit * AMOUNT_CENTS)
    pot = call.pot
    ready = funds.caller("ApplicationService/AwardApplication", OFFICE, sub="office")
    calls = []
    for _ in range(count):
        application = await call.apply(AMOUNT_CENTS)
        await call.check("AdmitApplication", application)
        fields = {"application_id": application.id, "budget_id": pot.budget_id, "amount_cents": AMOUNT_CENTS}
        calls.append(ready({**fields, "request_id": new_id()}))
    return pot, calls


async def _require_exact(funds: Served, pot: Pot, made: list[Any], fit: int) -> None:
    if len(made) != fit:
        raise AssertionError(f"{len(made)} awards were made on a pot for {fit}")
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id}, OFFICE)).budget
    if (budget.available_cents, budget.committed_cents) != (0, fit * AMOUNT_CENTS):
        raise AssertionError(f"the budget says {budget.available_cents} left, {budget.committed_cents} bound")
    proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR, Role("fund_office"))
    if proof.differences:
        raise AssertionError(f"the ledger differs: {proof.differences}")
