"""A grant through gRPC: from the award to the settlement, and what others may see of it."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import Role, berlin_day, end_of_day
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import (
    APPLICANT,
    IBAN,
    TREASURER,
    a_receipt_line,
    agreed,
    award,
    get_budget,
    get_grant,
    pay,
    prove,
    submit_claim,
)
from tests.support.funds_looks import verify
from tests.support.ids import without_ids


async def test_a_grant_goes_from_award_to_settlement_and_the_rest_returns_to_the_pot(funds: Started) -> None:
    grant = await agreed(funds)
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today, 30_000), a_receipt_line(today, 15_000))
    deduction = {"position": 2, "accepted_cents": 10_000, "reason": "Pfand zählt nicht"}
    request = {"claim_id": claim.id, "deductions": [deduction]}
    accepted = (await funds.call("ClaimService/AcceptClaim", request, OFFICE, sub="office")).claim
    assert (accepted.total_cents, accepted.accepted_cents) == (45_000, 40_000)
    await pay(funds, grant, 40_000)
    await prove(funds, grant, 45_000, 40_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE, sub="office")

    settled = await get_grant(funds, grant)
    assert (settled.approved_cents, settled.paid_cents, settled.returned_cents) == (50_000, 40_000, 10_000)
    budget = await get_budget(funds, grant)
    assert (budget.available_cents, budget.committed_cents, budget.paid_cents) == (1_260_000, 0, 40_000)
    await verify(funds)
    said = await funds.published(grant.id)
    assert [m.fact for m in said] == [
        *("grant_awarded", "grant_agreed", "proof_submitted", "proof_accepted", "grant_settled"),
    ]
    assert [m.subject.split(".")[1] for m in said] == ["pub", "int", "int", "int", "pub"]


async def test_a_cancelled_grant_returns_everything_at_once(funds: Started) -> None:
    grant = await award(funds)
    assert (await get_budget(funds, grant)).committed_cents == 50_000
    request = {"grant_id": grant.id, "reason": "findet nicht statt"}
    await funds.call("GrantService/CancelGrant", request, OFFICE)
    assert (await get_budget(funds, grant)).available_cents == 1_300_000
    assert [m.fact for m in await funds.said(grant.id)] == ["grant_awarded", "grant_cancelled"]
    with refused("GRANT_NOT_READY", "FAILED_PRECONDITION"):
        await funds.call("GrantService/CancelGrant", request, OFFICE)
    await verify(funds)


async def test_the_clock_starts_the_project_and_calls_for_the_proof_until_it_is_overdue(funds: Started) -> None:
    first = berlin_day(await funds.now()) + timedelta(days=3)
    last, due = first + timedelta(days=5), first + timedelta(days=33)
    grant = await agreed(funds, payout=Payout.ADVANCE, starts_on=first, ends_on=last)
    assert (await get_grant(funds, grant, OFFICE)).proof_due_on == due.isoformat()
    await pay(funds, grant, 20_000)
    revoke = {"grant_id": grant.id, "reason": "kein Nachweis"}
    for instant, fact in (
        (end_of_day(first - timedelta(days=1)), "grant_started"),
        (end_of_day(last), "proof_due"),
        (end_of_day(due), "proof_overdue"),
    ):
        with refused("PROOF_NOT_OVERDUE", "FAILED_PRECONDITION"):
            await funds.call("GrantService/RevokeGrant", revoke, OFFICE)
        await funds.move_clock(instant)
        assert (await funds.said(grant.id))[-1].fact == fact
    await funds.call("GrantService/RevokeGrant", revoke, OFFICE)
    budget = await get_budget(funds, grant)
    assert (budget.committed_cents, budget.paid_cents, budget.receivable_cents) == (0, 0, 20_000)
    said = await funds.said(grant.id)
    assert [m.fact for m in said[-2:]] == ["grant_revoked", "refund_claimed"]
    assert said[-1].body["amount_cents"] == 20_000
    await verify(funds)


async def test_a_queried_proof_is_answered_and_its_receipts_replaced(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, goals=())
    today = berlin_day(await funds.now())
    first, second = a_receipt_line(today), a_receipt_line(today)
    proof = {"grant_id": grant.id, "report": "Gut.", "receipts": [first], "total_costs_cents": 10_000}
    ask = {"grant_id": grant.id, "question": "Wo ist Beleg 2?", "answer_by": (today + timedelta(days=14)).isoformat()}
    await funds.call("ProofService/SubmitProof", proof, APPLICANT, sub="applicant")
    asked = (await funds.call("ProofService/QueryProof", ask, OFFICE)).grant
    assert asked.proof_due_on == ask["answer_by"]
    both = proof | {"receipts": [first, second]}
    answered = await funds.call("ProofService/SubmitProof", both, APPLICANT, sub="applicant")
    assert len(answered.grant.proof.receipts) == 2
    assert answered.grant.proof.query == "Wo ist Beleg 2?"


async def test_the_account_number_is_seen_by_treasurer_and_recipient_alone(funds: Started) -> None:
    grant = await agreed(funds)
    recipient = Role("applicant", actors=(grant.recipient_actor_id,))
    assert (await get_grant(funds, grant, TREASURER)).payee.iban == IBAN
    assert (await get_grant(funds, grant, recipient)).payee.iban == IBAN
    assert (await get_grant(funds, grant, OFFICE)).payee.iban == "DE…3000"
    for outsider in (APPLICANT, Role("treasurer", regions=("12",)), Role("jury")):
        seen = await get_grant(funds, grant, outsider)
        assert not seen.HasField("payee")
        assert seen.contact_ref == ""


async def test_neither_account_nor_names_of_people_are_ever_said(funds: Started) -> None:
    grant = await agreed(funds, recipient_actor_id="", recipient_name="Kim Beispiel", title="Kims Lesung")
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today, supplier="Buchladen Kim"))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE)
    payment = await pay(funds, grant, 5_000)
    messages = [m for id in (grant.id, claim.id, payment.id) for m in await funds.said(id)]
    assert len(messages) == 7
    for message in messages:
        for secret in (IBAN, "3000", "Kim", "applicant"):
            assert secret not in without_ids(message.body), message.fact
        if ".pub." in message.subject:
            assert grant.contact_ref not in str(message.body)
    public = await get_grant(funds, grant)
    assert (public.recipient_name, list(public.goals)) == ("Privatperson", [])


async def test_grants_are_listed_by_region_year_fund_and_recipient(funds: Started) -> None:
    pot = await a_pot(funds)
    first, *others = [await award(funds, pot) for _ in range(3)]
    request = {"region": "11", "fund_id": first.fund_id, "year": first.year, "page_size": 2}
    page = await funds.call("GrantService/ListGrants", request)
    assert [g.id for g in page.grants] == [others[1].id, others[0].id]
    rest = await funds.call("GrantService/ListGrants", request | {"page_token": page.next_page_token})
    assert [g.id for g in rest.grants] == [first.id]
    mine = await funds.call("GrantService/ListGrants", {"recipient_actor_id": first.recipient_actor_id})
    assert [g.id for g in mine.grants] == [first.id]
    assert not (await funds.call("GrantService/ListGrants", {"region": "12"})).grants


async def test_an_agreement_needs_the_office_of_the_region_and_an_iban_that_holds(funds: Started) -> None:
    grant = await award(funds)
    request = {"grant_id": grant.id, "agreement_number": "1", "payee_name": "K", "iban": IBAN}
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "iban"):
        await funds.call("GrantService/AgreeGrant", request | {"iban": IBAN[:-1] + "1"}, OFFICE)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("GrantService/AgreeGrant", request, Role("fund_office", regions=("12",)))
    with refused("ETAG_MISMATCH", "ABORTED"):
        await funds.call("GrantService/AgreeGrant", request | {"etag": "9"}, OFFICE)


@pytest.mark.parametrize(
    ("rpc", "fields"),
    [
        ("SettleGrant", {}),
        ("CancelGrant", {"reason": "x"}),
        ("RevokeGrant", {"reason": "x"}),
        ("ReceiveRefund", {"amount_cents": 1, "received_on": "2027-01-01"}),
    ],
)
async def test_where_money_moves_a_request_id_is_required(funds: Started, rpc: str, fields: dict[str, Any]) -> None:
    grant = await award(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "request_id"):
        await funds.call(f"GrantService/{rpc}", {"grant_id": grant.id, "request_id": "", **fields}, OFFICE, TREASURER)
