"""Refunds through gRPC: what was paid too much is owed, comes in, or is paid by what a bank sends back."""

from datetime import UTC, date, datetime, timedelta

from chassis.ports import berlin_day
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import TREASURER, agreed, get_budget, pay, prove
from tests.support.funds_looks import verify


async def test_what_was_paid_too_much_is_claimed_back_and_comes_in(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    await pay(funds, grant, 50_000)
    proven = await prove(funds, grant, 35_000, 30_000)
    assert proven.refund_claimed_cents == 20_000
    settle = {"grant_id": grant.id}
    with refused("REFUND_OUTSTANDING", "FAILED_PRECONDITION"):
        await funds.call("GrantService/SettleGrant", settle, OFFICE)
    assert (await get_budget(funds, grant)).receivable_cents == 20_000
    refund = {"grant_id": grant.id, "received_on": berlin_day(await funds.now()).isoformat()}
    with refused("REFUND_TOO_HIGH", "FAILED_PRECONDITION"):
        await funds.call("GrantService/ReceiveRefund", refund | {"amount_cents": 20_001}, TREASURER)
    for cents in (5_000, 15_000):
        await funds.call("GrantService/ReceiveRefund", refund | {"amount_cents": cents}, TREASURER)
    await funds.call("GrantService/SettleGrant", settle, OFFICE)
    budget = await get_budget(funds, grant)
    assert (budget.available_cents, budget.paid_cents, budget.receivable_cents) == (1_270_000, 30_000, 0)
    await verify(funds)


async def test_what_a_bank_sent_back_before_it_was_claimed_is_booked_with_the_claim(funds: Started) -> None:
    pot = await a_pot(funds)
    await funds.move_clock(datetime(pot.year, 3, 1, 10, tzinfo=UTC))
    grant = await agreed(funds, pot, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 50_000)
    await funds.move_clock(datetime(pot.year, 5, 3, 10, tzinfo=UTC))
    await prove(funds, grant, 30_000, 30_000)
    back = {"payment_id": payment.id, "returned_on": f"{pot.year}-03-06", "reason": "Konto erloschen"}
    await funds.call("PaymentService/ReturnPayment", back, TREASURER, sub="treasurer")
    for day, paid, owed, committed in (("03-07", 50_000, 0, 0), ("05-03", 0, 0, 50_000)):
        asked = {"budget_id": pot.budget_id, "as_of": f"{pot.year}-{day}"}
        balance = (await funds.call("StatementService/GetBudgetBalance", asked)).balance
        assert (balance.paid_cents, balance.receivable_cents, balance.committed_cents) == (paid, owed, committed)
    await verify(funds)


async def test_what_a_bank_sends_back_after_a_revocation_pays_what_is_owed(funds: Started) -> None:
    today = berlin_day(await funds.now())
    grant = await agreed(funds, payout=Payout.ADVANCE, starts_on=today, ends_on=today)
    payment = await pay(funds, grant, 20_000)
    await funds.move_clock(await funds.now() + timedelta(days=120))
    await funds.call("GrantService/RevokeGrant", {"grant_id": grant.id, "reason": "kein Nachweis"}, OFFICE)
    day = berlin_day(await funds.now()).isoformat()
    back = {"payment_id": payment.id, "returned_on": day, "reason": "Konto erloschen"}
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await funds.call("PaymentService/ReturnPayment", back, TREASURER, sub="treasurer")
    refund = {"grant_id": grant.id, "amount_cents": 20_000, "received_on": day}
    await funds.call("GrantService/ReceiveRefund", refund, TREASURER, sub="treasurer")
    budget = await get_budget(funds, grant)
    assert (budget.available_cents, budget.paid_cents, budget.receivable_cents) == (1_300_000, 0, 0)
    await verify(funds)


async def test_a_refund_comes_after_the_payment_and_no_day_owes_less_than_nothing(funds: Started) -> None:
    pot = await a_pot(funds)
    paid_on, claimed_on = date(pot.year, 6, 15), date(pot.year, 6, 25)
    await funds.move_clock(datetime(pot.year, 6, 15, 10, tzinfo=UTC))
    grant = await agreed(funds, pot, payout=Payout.ADVANCE)
    await pay(funds, grant, 50_000)
    await funds.move_clock(datetime(pot.year, 6, 25, 10, tzinfo=UTC))
    await prove(funds, grant, 30_000, 30_000)
    request = {"grant_id": grant.id, "amount_cents": 20_000}
    for early in ("2000-01-01", f"{pot.year}-01-01", f"{pot.year}-06-14"):
        with refused("RECEIVED_BEFORE_PAID", "INVALID_ARGUMENT", "received_on"):
            await funds.call("GrantService/ReceiveRefund", request | {"received_on": early}, TREASURER)
    await funds.call("GrantService/ReceiveRefund", request | {"received_on": f"{pot.year}-06-20"}, TREASURER)
    for day, paid, owed, available in (
        (paid_on, 50_000, 0, 1_250_000),
        (date(pot.year, 6, 20), 50_000, 0, 1_250_000),
        (claimed_on, 30_000, 0, 1_270_000),
    ):
        asked = {"budget_id": pot.budget_id, "as_of": day.isoformat()}
        balance = (await funds.call("StatementService/GetBudgetBalance", asked)).balance
        assert (balance.paid_cents, balance.receivable_cents, balance.available_cents) == (paid, owed, available)
