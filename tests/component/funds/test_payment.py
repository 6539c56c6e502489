"""Payments through gRPC: by four eyes, and never beyond the award, whatever the concurrency."""

import asyncio

from chassis.ports import Role, berlin_day, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import TREASURER, agreed, get_budget, get_grant, order, pay


async def test_whoever_ordered_or_decided_does_not_release(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 10_000)
    release = {"payment_id": payment.id}
    with refused("FOUR_EYES", "PERMISSION_DENIED"):
        await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="clerk")
    with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
        await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="member-1")
    with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
        await order(funds, grant, 1, sub="member-2")
    with refused("SERVICE_IS_NO_EYE", "PERMISSION_DENIED"):
        await funds.call("PaymentService/ReleasePayment", release, TREASURER, Role("service"), sub="service:bank")
    with refused("PAYMENT_NOT_READY", "FAILED_PRECONDITION"):
        done = release | {"paid_on": berlin_day(await funds.now()).isoformat()}
        await funds.call("PaymentService/MarkPaymentPaid", done, TREASURER, sub="treasurer")
    assert (await get_budget(funds, grant)).paid_cents == 0


async def test_orders_at_once_never_exceed_the_award(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    answers = await asyncio.gather(*(order(funds, grant, 20_000) for _ in range(8)), return_exceptions=True)
    assert [a.reason for a in answers if isinstance(a, Refused)] == ["PAYMENT_EXCEEDED"] * 6
    seen = await get_grant(funds, grant, TREASURER)
    assert (seen.in_flight_cents, seen.payable_cents) == (40_000, 10_000)


async def test_two_payments_of_one_budget_at_once_are_both_posted_once(funds: Started) -> None:
    pot = await a_pot(funds)
    one, two = [await agreed(funds, pot, payout=Payout.ADVANCE) for _ in range(2)]
    await asyncio.gather(*(pay(funds, grant, 10_000) for grant in (one, two, one, two)))
    budget = await get_budget(funds, one)
    assert (budget.paid_cents, budget.committed_cents, budget.available_cents) == (40_000, 60_000, 1_200_000)
    assert (await get_grant(funds, one)).paid_cents == 20_000


async def test_a_repeated_order_pays_once(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    id = new_id()
    first = await order(funds, grant, 30_000, request_id=id)
    again = await order(funds, grant, 30_000, request_id=id)
    assert first.id == again.id
    listed = await funds.call("PaymentService/ListPayments", {"grant_id": grant.id}, OFFICE)
    assert [(p.id, p.payee.iban) for p in listed.payments] == [(first.id, "DE…3000")]


async def test_nothing_is_paid_back_beyond_accepted_costs(funds: Started) -> None:
    grant = await agreed(funds)
    with refused("PAYMENT_EXCEEDED", "FAILED_PRECONDITION"):
        await order(funds, grant, 1)


async def test_a_failed_payment_moves_no_money_and_frees_its_amount(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 50_000)
    with refused("PAYMENT_IN_FLIGHT", "FAILED_PRECONDITION"):
        await funds.call("GrantService/CancelGrant", {"grant_id": grant.id, "reason": "x"}, OFFICE)
    failed = {"payment_id": payment.id, "reason": "Konto erloschen"}
    await funds.call("PaymentService/MarkPaymentFailed", failed, TREASURER, sub="treasurer")
    assert [m.fact for m in await funds.said(payment.id)] == ["payment_ordered", "payment_failed"]
    assert (await get_grant(funds, grant, OFFICE)).payable_cents == 50_000
    assert (await get_budget(funds, grant)).paid_cents == 0
