"""Payments that the bank refuses or sends back: the money is committed again, and is paid again."""

from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import TREASURER
from tests.support.funds_payment import a_released, export, fetch, on_day, order_again, today


async def test_an_exported_payment_that_the_bank_refuses_is_ordered_anew_and_goes_out_in_another_file(
    funds: Started,
) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 50_000)
    await export(funds, pot)
    failed = await on_day(funds, "MarkPaymentFailed", payment, reason="Konto erloschen")
    assert failed.status == 4
    release = {"payment_id": (await order_again(funds, payment)).id}
    await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")
    second = (await export(funds, pot)).payment_file
    content = (await fetch(funds, second, "CSV")).content.decode()
    assert (release["payment_id"] in content, payment.id in content) == (True, False)


async def test_what_the_bank_sends_back_is_committed_again_and_the_grant_follows(funds: Started) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 50_000)
    await export(funds, pot)
    day = await today(funds)
    back = {"returned_on": day, "reason": "Konto erloschen"}
    with refused("PAYMENT_NOT_READY", "FAILED_PRECONDITION"):
        await on_day(funds, "ReturnPayment", payment, **back)
    await on_day(funds, "MarkPaymentPaid", payment, paid_on=day)
    with refused("RETURNED_ON_OUTSIDE_PERIOD", "FAILED_PRECONDITION", "returned_on"):
        await on_day(funds, "ReturnPayment", payment, **(back | {"returned_on": "2020-01-01"}))
    returned = await on_day(funds, "ReturnPayment", payment, **back)
    assert (returned.status, returned.returned_on, returned.failed_reason) == (6, day, "Konto erloschen")
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    assert (budget.committed_cents, budget.paid_cents) == (50_000, 0)
    grant = (await funds.call("GrantService/GetGrant", {"grant_id": payment.grant_id}, TREASURER)).grant
    assert (grant.paid_cents, grant.payable_cents) == (0, 50_000)
    assert (await funds.said(payment.id))[-1].fact == "payment_returned"
    assert (await funds.call("LedgerService/VerifyLedger", {"region": "11"}, AUDITOR)).correct


async def test_a_settled_grant_whose_payment_comes_back_is_paid_and_settled_again(funds: Started) -> None:
    pot = await a_pot(funds)
    payment = await a_released(funds, pot, 30_000, goals=())
    day, one = await today(funds), {"grant_id": payment.grant_id}
    await on_day(funds, "MarkPaymentPaid", payment, paid_on=day)
    proof = one | {"report": "Gut.", "total_costs_cents": 30_000}
    await funds.call("ProofService/SubmitProof", proof, OFFICE, sub="office")
    await funds.call("ProofService/AcceptProof", one | {"accepted_cents": 30_000}, OFFICE, sub="office")
    await funds.call("GrantService/SettleGrant", one, OFFICE, sub="office")
    await on_day(funds, "ReturnPayment", payment, returned_on=day, reason="Konto erloschen")
    reopened = (await funds.said(payment.grant_id))[-1]
    assert (reopened.fact, reopened.subject.split(".")[1], reopened.body["amount_cents"]) == (
        *("grant_reopened", "pub", 30_000),
    )
    assert (reopened.body["state"]["status"], reopened.body["state"]["paid_cents"]) == ("running", 0)
    again = await order_again(funds, payment)
    await on_day(funds, "ReleasePayment", again)
    await on_day(funds, "MarkPaymentPaid", again, paid_on=day)
    settled = (await funds.call("GrantService/SettleGrant", one, OFFICE, sub="office")).grant
    assert (settled.paid_cents, settled.returned_cents) == (30_000, 20_000)
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    assert (budget.available_cents, budget.committed_cents, budget.paid_cents) == (1_270_000, 0, 30_000)
    assert (await funds.call("LedgerService/VerifyLedger", {"region": "11"}, AUDITOR)).correct
