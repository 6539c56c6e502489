"""A command that is repeated gets its first answer, also where the second would be refused, and from whichever replica."""

import asyncio
from functools import partial

from chassis.ports import new_id
from tests.support.city import City
from tests.support.client import insisting, refused
from tests.support.funds import OFFICE, a_pot
from tests.support.interleaving import replicas


async def test_what_could_not_be_done_twice_is_answered_as_it_was_done_once(city: City) -> None:
    async with replicas(city, "funds") as both:
        pot = await a_pot(both.one, released_cents=0)
        release = {"budget_id": pot.budget_id, "amount_cents": 50_000, "reason": "as resolved", "request_id": new_id()}
        first = await both.one.call("BudgetService/ReleaseBudget", release, OFFICE, sub="office")
        for replica in (both.one, both.two):
            assert await replica.call("BudgetService/ReleaseBudget", release, OFFICE, sub="office") == first
        with refused("BUDGET_NOT_PLANNED", "FAILED_PRECONDITION"):
            await both.two.call("BudgetService/ReleaseBudget", release | {"request_id": new_id()}, OFFICE, sub="office")
        with refused("REQUEST_ID_REUSED", "INVALID_ARGUMENT", "request_id"):
            await both.two.call("BudgetService/ReleaseBudget", release | {"amount_cents": 1}, OFFICE, sub="office")


async def test_the_same_command_at_two_replicas_at_once_is_done_once(city: City) -> None:
    async with replicas(city, "funds") as both:
        pot = await a_pot(both.one, released_cents=0)
        release = {"budget_id": pot.budget_id, "amount_cents": 50_000, "reason": "as resolved", "request_id": new_id()}
        calls = (
            insisting(partial(replica.call, "BudgetService/ReleaseBudget", release, OFFICE, sub="office"))
            for replica in (both.one, both.two) * 8
        )
        answers = await asyncio.gather(*calls)
        assert {answer.budget.available_cents for answer in answers} == {50_000}
        assert {answer.budget.etag for answer in answers} == {answers[0].budget.etag}
