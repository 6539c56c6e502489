"""Payments, and the total that all money comes from, interleaved with what they rest on: each pair of commands in both directions."""

from typing import Any

import pytest

from chassis.ports import berlin_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import (
    APPLICANT,
    IBAN,
    TREASURER,
    a_receipt_line,
    agreed,
    get_grant,
    order,
    pay,
    submit_claim,
)
from tests.support.interleaving import BOTH_WAYS, Asked, Command, Replicas, asking, at_every_step, in_turn

pytestmark = pytest.mark.timeout(300)
OTHER_IBAN = "DE02120300000000202051"


async def _proven(both: Replicas, grant: Grant, costs_cents: int) -> Asked:
    """A proof is handed in; answers how it is accepted."""
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant.id, "report": "Gut.", "results": [result] * 2, "total_costs_cents": costs_cents}
    await both.one.call("ProofService/SubmitProof", proof, APPLICANT, sub=grant.applicant_sub)
    return asking("ProofService/AcceptProof", OFFICE, "office", grant_id=grant.id, accepted_cents=costs_cents)


async def _released(both: Replicas, grant: Grant, cents: int) -> Any:
    payment = await order(both.one, grant, cents)
    await both.one.call("PaymentService/ReleasePayment", {"payment_id": payment.id}, TREASURER, sub="treasurer")
    return payment


@BOTH_WAYS
async def test_what_is_paid_while_its_proof_is_accepted_is_owed_back_or_waited_for(
    both: Replicas, turned: bool
) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []

    async def prepare() -> tuple[Command, Command]:
        today = berlin_day(await both.one.now()).isoformat()
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        payment = await _released(both, grants[-1], 30_000)
        accept = await _proven(both, grants[-1], 20_000)
        paid = asking("PaymentService/MarkPaymentPaid", TREASURER, "treasurer", payment_id=payment.id, paid_on=today)
        return in_turn(both, accept, paid, turned)

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.reasons in ([], ["PAYMENT_IN_FLIGHT"]), outcome
        assert (seen.paid_cents, seen.in_flight_cents) == (30_000, 0)
        assert seen.refund_due_cents == (0 if outcome.reasons else 10_000)


@BOTH_WAYS
async def test_what_a_bank_sends_back_while_its_proof_is_accepted_is_not_owed_back(
    both: Replicas, turned: bool
) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []

    async def prepare() -> tuple[Command, Command]:
        today = berlin_day(await both.one.now()).isoformat()
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        payment = await pay(both.one, grants[-1], 30_000)
        accept = await _proven(both, grants[-1], 20_000)
        back = {"payment_id": payment.id, "returned_on": today, "reason": "Konto erloschen"}
        return in_turn(both, accept, asking("PaymentService/ReturnPayment", TREASURER, "treasurer", **back), turned)

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.done == 2, outcome
        assert (seen.paid_cents, seen.refund_due_cents, seen.payable_cents) == (0, 0, 20_000)


@BOTH_WAYS
async def test_what_is_released_goes_to_the_account_that_two_have_seen(both: Replicas, turned: bool) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []
    ordered: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE, approved_cents=20_000))
        ordered.append(await order(both.one, grants[-1], 20_000))
        account = {"payee_name": "Wer anders", "iban": OTHER_IBAN, "reason": "neues Konto"}
        # Who would type the new account releases the payment at the same moment.
        change = asking("GrantService/ChangePayee", OFFICE, "treasurer", grant_id=grants[-1].id, **account)
        release = asking("PaymentService/ReleasePayment", TREASURER, "treasurer", payment_id=ordered[-1].id)
        return in_turn(both, change, release, turned)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["PAYMENT_IN_FLIGHT"], outcome
        one = {"payment_id": ordered[-1].id}
        payment = (await both.one.call("PaymentService/GetPayment", one, TREASURER)).payment
        assert (payment.payee.iban, payment.released_by) == (IBAN, "treasurer")
        assert (await get_grant(both.one, grants[-1], TREASURER)).payee.iban == IBAN


async def test_orders_never_exceed_what_was_accepted_where_receipts_are_reimbursed(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []

    async def prepare() -> tuple[Command, Command]:
        today = berlin_day(await both.one.now())
        grants.append(await agreed(both.one, pot))
        claim = await submit_claim(both.one, grants[-1], a_receipt_line(today, 20_000))
        await both.one.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
        grant = grants[-1]
        return lambda: order(both.one, grant, 15_000), lambda: order(both.two, grant, 15_000)

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.reasons == ["PAYMENT_EXCEEDED"], outcome
        assert (seen.in_flight_cents, seen.payable_cents) == (15_000, 5_000)


@BOTH_WAYS
async def test_a_title_is_never_lowered_below_what_is_released_at_that_moment(both: Replicas, turned: bool) -> None:
    titles: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        pot = await a_pot(both.one, released_cents=0, total_cents=1_000_000)
        titles.append(pot.title_id)
        paper = {
            "kind": "REFERENCE_KIND_PRINTED_PAPER",
            "body": "BVV",
            "number": "DS/0815/IX",
            "dated": "2026-09-17",
            "uri": "https://example.org/0815",
        }
        lower: dict[str, Any] = {"title_id": pot.title_id, "year": pot.year, "total_cents": 500_000}
        release: dict[str, Any] = {"budget_id": pot.budget_id, "amount_cents": 600_000, "reason": "as resolved"}
        revise = asking("TitleService/ReviseTitle", OFFICE, "office", **lower, reference=paper)
        return in_turn(both, revise, asking("BudgetService/ReleaseBudget", OFFICE, "office", **release), turned)

    async for outcome in at_every_step(prepare):
        (year,) = (await both.one.call("TitleService/GetTitle", {"title_id": titles[-1]}, OFFICE)).title.years
        assert outcome.reasons in (["TITLE_EXCEEDED"], ["TITLE_BELOW_RELEASED"]), outcome
        assert (year.total_cents, year.released_cents) in {(500_000, 0), (1_000_000, 600_000)}
