"""The invariants of grants and their payments, each with two commands interleaved at every step, on two replicas."""

from typing import Any

import pytest

from chassis.ports import berlin_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from tests.support.client import Refused
from tests.support.funds import OFFICE, Pot, a_pot
from tests.support.funds_grant import (
    IBAN,
    TREASURER,
    a_receipt_line,
    agreed,
    get_budget,
    get_grant,
    order,
    pay,
    submit_claim,
)
from tests.support.funds_interleaved import calling
from tests.support.funds_years import a_budget, carry, two_years
from tests.support.interleaving import Command, Replicas, at_every_step

pytestmark = pytest.mark.timeout(300)


async def test_orders_never_exceed_the_award(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        grant = grants[-1]
        return lambda: order(both.one, grant, 30_000), lambda: order(both.two, grant, 30_000)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["PAYMENT_EXCEEDED"]
        assert (await get_grant(both.one, grants[-1], TREASURER)).in_flight_cents == 30_000


async def test_a_payment_moves_its_money_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        payment = await order(both.one, grants[-1], 30_000)
        release = {"payment_id": payment.id}
        await both.one.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")
        done = release | {"paid_on": berlin_day(await both.one.now()).isoformat()}
        return (
            calling(both.one, "PaymentService/MarkPaymentPaid", TREASURER, sub="treasurer", **done),
            calling(both.two, "PaymentService/MarkPaymentPaid", TREASURER, sub="another", **done),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 1
        assert (await get_grant(both.one, grants[-1])).paid_cents == 30_000
    assert (await get_budget(both.one, grants[-1])).paid_cents == 30_000 * len(grants)


async def test_a_grant_that_is_cancelled_has_no_payment_on_its_way(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        grant = grants[-1]
        return (
            lambda: order(both.one, grant, 30_000),
            calling(both.two, "GrantService/CancelGrant", grant_id=grant.id, reason="findet nicht statt"),
        )

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.done == 1
        assert (seen.in_flight_cents == 0) == (outcome.reasons != ["PAYMENT_IN_FLIGHT"])


async def test_what_is_carried_takes_no_payment_of_the_year_before(both: Replicas) -> None:
    old, new = await two_years(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, old, payout=Payout.ADVANCE, approved_cents=1_000))
        return lambda: carry(both.one, grants[-1].id), lambda: order(both.two, grants[-1], 1_000)

    async for outcome in at_every_step(prepare):
        grant = await get_grant(both.one, grants[-1], TREASURER)
        carried = not isinstance(outcome.first, Refused)
        assert grant.budget_id == (new.budget_id if carried else old.budget_id)
        assert grant.in_flight_cents == 1_000
        if carried:
            assert outcome.second.budget_id == new.budget_id
    assert (await a_budget(both.one, new)).brought_cents == (await a_budget(both.one, old)).carried_cents


@pytest.mark.parametrize("other", ["close", "carry"])
async def test_what_a_bank_sends_back_at_the_turn_of_the_year_is_promised_once(both: Replicas, other: str) -> None:
    made: list[tuple[Pot, Pot, Grant]] = []

    async def prepare() -> tuple[Command, Command]:
        old, new = await two_years(both.one)
        grant = await agreed(both.one, old, payout=Payout.ADVANCE)
        payment = await pay(both.one, grant, 50_000 if other == "close" else 30_000)
        made.append((old, new, grant))
        back = {"payment_id": payment.id, "returned_on": berlin_day(await both.one.now()).isoformat()}
        turn = {
            "close": calling(both.two, "BudgetService/CloseBudget", budget_id=old.budget_id),
            "carry": calling(both.two, "YearEndService/CarryGrant", grant_id=grant.id, reason="Jahresende"),
        }
        return calling(both.one, "PaymentService/ReturnPayment", TREASURER, sub="t", reason="x", **back), turn[other]

    async for outcome in at_every_step(prepare):
        old, new, grant = made[-1]
        before, after = await a_budget(both.one, old), await a_budget(both.one, new)
        home = (await get_grant(both.one, grant)).budget_id
        assert outcome.done == (1 if other == "close" and not before.carried_cents else 2), outcome.reasons
        assert (before.paid_cents, before.committed_cents + after.committed_cents) == (0, 50_000)
        assert (before.committed_cents, after.brought_cents) == ((50_000, 0) if home == old.budget_id else (0, 50_000))


async def test_a_receipt_counts_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    today = berlin_day(await both.one.now())
    one, two = await agreed(both.one, pot), await agreed(both.one, pot)

    async def prepare() -> tuple[Command, Command]:
        receipt = a_receipt_line(today, 100)
        return lambda: submit_claim(both.one, one, receipt), lambda: submit_claim(both.two, two, receipt)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["RECEIPT_ALREADY_USED"]


async def test_what_is_accepted_twice_counts_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        today = berlin_day(await both.one.now())
        grants.append(await agreed(both.one, pot))
        claim = await submit_claim(both.one, grants[-1], a_receipt_line(today, 20_000))
        return (
            calling(both.one, "ClaimService/AcceptClaim", claim_id=claim.id),
            calling(both.two, "ClaimService/RefuseClaim", claim_id=claim.id, reason="falsches Projekt"),
        )

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.done == 1
        assert (seen.payable_cents == 20_000) is isinstance(outcome.second, Refused)


async def _released(both: Replicas, pot: Pot) -> Any:
    payment = await order(both.one, await agreed(both.one, pot, payout=Payout.ADVANCE), 30_000)
    release = {"payment_id": payment.id}
    return (await both.one.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")).payment


async def test_a_payment_goes_to_the_bank_in_one_file(both: Replicas) -> None:
    pot = await a_pot(both.one)
    export = {"region": "11", "fund_id": pot.fund_id, "payer_name": "Bezirksamt", "payer_iban": IBAN}
    payments: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        payments.append(await _released(both, pot))
        return (
            calling(both.one, "PaymentFileService/ExportPayments", TREASURER, sub="treasurer", **export),
            calling(both.two, "PaymentFileService/ExportPayments", TREASURER, sub="another", **export),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["NOTHING_TO_EXPORT"]
        seen = (await both.one.call("PaymentService/GetPayment", {"payment_id": payments[-1].id}, OFFICE)).payment
        (made,) = (told for told in (outcome.first, outcome.second) if not isinstance(told, Refused))
        assert (seen.file_id, made.payment_file.payments) == (made.payment_file.id, 1)
