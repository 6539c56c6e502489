"""A wrong acceptance through gRPC: taken back, accepted anew, and every cent where it was."""

from datetime import timedelta

from chassis.ports import Role, berlin_day, end_of_day, new_id
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.repositories import Repositories
from services.funds.domain.claim import Claim
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from tests.support.city import City, Started, a_quiet_city
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_grant import (
    APPLICANT,
    TREASURER,
    a_receipt,
    a_receipt_line,
    agreed,
    get_budget,
    get_grant,
    order,
    pay,
    prove,
    submit_claim,
)
from tests.support.funds_looks import verify
from tests.support.funds_proof import SLIP, accept, refund, reopen, settle
from tests.year.recount import heard, recount

PROOF_SUBMITTED = 5
CLAIMED, CLAIM_WITHDRAWN = 9, 22


async def an_overpaid(funds: Started, counts: int = 3_000) -> Grant:
    """An advance of 500 € that is paid, and a proof of 450 € accepted with so many cents."""
    grant = await agreed(funds, payout=Payout.ADVANCE)
    await pay(funds, grant, 50_000)
    await prove(funds, grant, 45_000, counts)
    return grant


async def test_a_wrong_acceptance_is_taken_back_and_a_right_one_settles_the_grant(city: City) -> None:
    async with a_quiet_city(city) as quiet, quiet.service("funds") as funds:
        grant = await an_overpaid(funds)
        assert (await get_budget(funds, grant)).receivable_cents == 47_000
        again = await reopen(funds, grant)
        assert (again.status, again.accepted_cents, again.refund_claimed_cents) == (PROOF_SUBMITTED, 0, 0)
        assert (again.refund_due_on, again.paid_cents, again.proof.total_costs_cents) == ("", 50_000, 45_000)
        proof = again.proof
        assert (proof.report, proof.accepted_cents, proof.accepted_by, proof.reason) == ("Gut.", 0, "", "")
        assert not proof.HasField("accepted_at")
        assert (proof.reopened_reason, proof.reopened_by) == (SLIP, "head")
        budget = await get_budget(funds, grant)
        assert (budget.paid_cents, budget.receivable_cents) == (50_000, 0)
        await verify(funds)

        statement = await funds.call("StatementService/GetGrantStatement", {"grant_id": grant.id}, OFFICE)
        assert (statement.sums.paid_cents, statement.sums.refund_claimed_cents) == (50_000, 0)
        kinds = [posting.kind for posting in statement.postings]
        assert kinds[-2:] == [CLAIMED, CLAIM_WITHDRAWN]

        right = await accept(funds, grant, 45_000)
        assert (right.refund_claimed_cents, right.proof.reopened_reason) == (5_000, SLIP)
        await refund(funds, grant, 5_000)
        settled = await settle(funds, grant)
        assert (settled.paid_cents, settled.refunded_cents) == (50_000, 5_000)
        budget = await get_budget(funds, grant)
        assert (budget.available_cents, budget.paid_cents, budget.receivable_cents) == (1_255_000, 45_000, 0)
        await verify(funds)

        said = await funds.published(grant.id)
        assert [m.fact for m in said[3:]] == [
            *("proof_accepted", "refund_claimed", "proof_reopened", "proof_accepted", "refund_claimed"),
            *("refund_received", "grant_settled"),
        ]
        assert said[5].subject.split(".")[1] == "int"
        assert (said[5].body["state"]["accepted_cents"], said[5].body["state"]["refund_due_cents"]) == (0, 0)
        (undone,) = [
            m for m in await funds.published(grant.budget_id) if m.body.get("kind") == "refund_claim_withdrawn"
        ]
        lines = {line["account"]: line["amount_cents"] for line in undone.body["lines"]}
        assert (lines, undone.body["grant_id"]) == ({"receivable": -47_000, "paid": 47_000}, grant.id)
        found = recount(await heard(quiet.jetstream))
        assert found.wrong == []
        assert found.moved["refund_claimed", grant.id] == 52_000
        assert found.owed[grant.id] == 0


async def test_what_claims_were_accepted_for_counts_again_with_its_lump_sum(funds: Started) -> None:
    grant = await agreed(funds, lump_sum_percent=10)
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today, 20_000), a_receipt_line(today, 10_000))
    deduction = {"position": 2, "accepted_cents": 5_000, "reason": "Pfand zählt nicht"}
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id, "deductions": [deduction]}, OFFICE)
    no = await submit_claim(funds, grant, a_receipt_line(today, 9_000))
    await funds.call("ClaimService/RefuseClaim", {"claim_id": no.id, "reason": "doppelt"}, OFFICE)
    await pay(funds, grant, 27_500)
    await prove(funds, grant, 40_000, 2_750)
    again = await reopen(funds, grant)
    assert (again.accepted_cents, again.payable_cents, again.refund_due_cents) == (27_500, 0, 0)
    # What was overlooked is handed in while the proof is looked at again.
    late = await submit_claim(funds, grant, a_receipt_line(today, 10_000))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": late.id}, OFFICE)
    assert (await accept(funds, grant, 40_000)).payable_cents == 12_500
    await pay(funds, grant, 12_500)
    with refused("PAID_ON_ACCEPTANCE", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    await settle(funds, grant)
    await verify(funds)


async def test_every_accepted_claim_counts_again_however_many_there_are(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    store = funds.running.service.store
    kept = Repositories(store, str)

    async def work(tx: StoreTransaction) -> None:
        # More than a page of a list holds.
        counted = await kept.grants.get(grant.id, tx)
        for _ in range(501):
            receipt = a_receipt(10, issued_on=grant.decided_on)
            counted, claim = Claim.submit(counted, new_id(), (receipt,), "applicant", tx.at)
            counted, accepted = claim.accept(counted, (), "office", tx.at)
            await kept.claims.add(tx, accepted)
        await kept.grants.save(tx, counted)

    await store.transact(work, locks=[grant.id])
    await prove(funds, grant, 40_000, 1)
    assert (await reopen(funds, grant)).accepted_cents == 5_010


async def test_an_acceptance_stands_while_money_moves_on_it_or_has_come_back(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    await prove(funds, grant, 45_000, 45_000)
    payment = await order(funds, grant, 10_000)
    with refused("PAYMENT_IN_FLIGHT", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    fail = {"payment_id": payment.id, "reason": "anders entschieden"}
    await funds.call("PaymentService/MarkPaymentFailed", fail, TREASURER, sub="treasurer")
    await pay(funds, grant, 30_000)
    # What was paid on it stays paid, and is claimed back where it was too much.
    assert (await reopen(funds, grant)).paid_cents == 30_000
    assert (await accept(funds, grant, 28_000)).refund_due_cents == 2_000
    await refund(funds, grant, 1)
    with refused("REFUND_ALREADY_RECEIVED", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    await refund(funds, grant, 1_999)
    await settle(funds, grant)
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    await verify(funds)


async def test_a_settled_grant_is_reopened_once_its_refund_was_corrected(funds: Started) -> None:
    grant = await an_overpaid(funds, 40_000)
    await refund(funds, grant, 10_000)
    await settle(funds, grant)
    mend = {"grant_id": grant.id, "amount_cents": 10_000, "reason": "falsche Zeile"}
    await funds.call("GrantService/CorrectRefund", mend, TREASURER, sub="treasurer")
    await reopen(funds, grant)
    await accept(funds, grant, 45_000)
    await refund(funds, grant, 5_000)
    assert (await settle(funds, grant)).refunded_cents == 5_000
    await verify(funds)


async def test_the_recipient_reads_why_and_nobody_else_does(funds: Started) -> None:
    grant = await an_overpaid(funds)
    await reopen(funds, grant)
    mine = await get_grant(funds, grant, sub=grant.applicant_sub)
    assert (mine.proof.reopened_reason, mine.refund_due_cents) == (SLIP, 0)
    assert not (await get_grant(funds, grant)).HasField("proof")
    for message in [m for id in (grant.id, grant.budget_id) for m in await funds.said(id)]:
        assert SLIP not in str(message.body)


async def test_a_refund_that_is_owed_no_more_is_never_called_overdue(funds: Started) -> None:
    grant = await an_overpaid(funds)
    await reopen(funds, grant)
    timers = funds.running.service.store.rows("timers")
    assert await timers.find_one({"_id": f"{grant.id}/refund_overdue"}) is None
    await funds.move_clock(end_of_day(berlin_day(await funds.now()) + timedelta(days=29)))
    assert (await funds.said(grant.id))[-1].fact == "proof_reopened"


async def test_the_office_of_the_region_takes_an_acceptance_back_with_a_reason_and_never_the_own_one(
    funds: Started,
) -> None:
    grant = await an_overpaid(funds)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await reopen(funds, grant, Role("fund_office", regions=("12",)))
    for other in (TREASURER, AUDITOR, APPLICANT):
        with refused("ROLE_MISSING", "PERMISSION_DENIED"):
            await reopen(funds, grant, other)
    with refused("OWN_GRANT", "PERMISSION_DENIED"):
        await reopen(funds, grant, OFFICE, Role("applicant", actors=(grant.recipient_actor_id,)))
    for missing in ("reason", "request_id"):
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", missing):
            await reopen(funds, grant, **{missing: ""})
    await reopen(funds, grant)
