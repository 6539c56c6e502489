"""Receipts through gRPC: each counts once in the whole installation."""

import asyncio
from functools import partial

import pytest

from chassis.ports import Role, berlin_day
from tests.support.city import Started
from tests.support.client import Refused, insisting, refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import a_receipt_line, agreed, submit_claim


async def test_a_receipt_counts_in_one_grant_only_however_it_is_spelt(funds: Started) -> None:
    pot = await a_pot(funds)
    one, two = await agreed(funds, pot), await agreed(funds, pot)
    today = berlin_day(await funds.now())
    receipt = a_receipt_line(today, number="RE-15/2027", supplier="Gärtnerei Groß")
    await submit_claim(funds, one, receipt)
    again = a_receipt_line(today, number="re 15 2027", supplier="GÄRTNEREI GROSS")
    with refused("RECEIPT_ALREADY_USED", "ALREADY_EXISTS", "receipts[1]"):
        await submit_claim(funds, two, a_receipt_line(today), again)
    assert not (await funds.call("ClaimService/ListClaims", {"grant_id": two.id}, OFFICE)).claims


async def test_the_refusal_of_a_used_receipt_names_no_other_grant(funds: Started) -> None:
    pot = await a_pot(funds)
    one, two = await agreed(funds, pot), await agreed(funds, pot)
    receipt = a_receipt_line(berlin_day(await funds.now()))
    await submit_claim(funds, one, receipt)
    with pytest.raises(Refused) as caught:
        await submit_claim(funds, two, receipt)
    assert one.id not in f"{caught.value.sentence} {caught.value.fields} {caught.value.details}"


async def test_of_two_that_hand_in_one_receipt_at_once_one_is_refused(funds: Started) -> None:
    pot = await a_pot(funds)
    grants = [await agreed(funds, pot) for _ in range(4)]
    receipt = a_receipt_line(berlin_day(await funds.now()))
    claims = (insisting(partial(submit_claim, funds, grant, receipt)) for grant in grants)
    answers = await asyncio.gather(*claims, return_exceptions=True)
    refusals = [a.reason for a in answers if isinstance(a, Refused)]
    assert refusals == ["RECEIPT_ALREADY_USED"] * 3


async def test_the_same_file_again_is_a_warning(funds: Started) -> None:
    grant = await agreed(funds)
    today = berlin_day(await funds.now())
    first = a_receipt_line(today)
    same_file = {"file_sha256": first["file_sha256"]}
    claim = await submit_claim(funds, grant, first, a_receipt_line(today, **same_file))
    assert [r.is_same_file for r in claim.receipts] == [False, True]
    later = await submit_claim(funds, await agreed(funds), a_receipt_line(today, **same_file))
    assert [r.is_same_file for r in later.receipts] == [True]


async def test_the_receipts_of_a_refused_claim_may_be_handed_in_again(funds: Started) -> None:
    grant = await agreed(funds)
    receipt = a_receipt_line(berlin_day(await funds.now()))
    claim = await submit_claim(funds, grant, receipt)
    request = {"claim_id": claim.id, "reason": "falsches Projekt"}
    await funds.call("ClaimService/RefuseClaim", request, OFFICE)
    await submit_claim(funds, grant, receipt)
    assert [m.fact for m in await funds.said(claim.id)] == ["claim_submitted", "claim_refused"]
    with refused("CLAIM_DECIDED", "FAILED_PRECONDITION"):
        await funds.call("ClaimService/RefuseClaim", request, OFFICE)


async def test_the_receipts_of_a_grant_that_was_cancelled_may_be_handed_in_for_another(funds: Started) -> None:
    pot = await a_pot(funds)
    one, two = await agreed(funds, pot), await agreed(funds, pot)
    receipt = a_receipt_line(berlin_day(await funds.now()))
    claim = await submit_claim(funds, one, receipt)
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    with refused("RECEIPT_ALREADY_USED", "ALREADY_EXISTS"):
        await submit_claim(funds, two, receipt)
    await funds.call("GrantService/CancelGrant", {"grant_id": one.id, "reason": "fällt aus"}, OFFICE)
    assert await submit_claim(funds, two, receipt)


async def test_nobody_accepts_their_own_costs(funds: Started) -> None:
    grant = await agreed(funds)
    claim = await submit_claim(funds, grant, a_receipt_line(berlin_day(await funds.now())))
    with refused("OWN_GRANT", "PERMISSION_DENIED"):
        await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub=grant.applicant_sub)


async def test_a_stranger_neither_hands_in_nor_reads(funds: Started) -> None:
    grant = await agreed(funds)
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today))
    stranger = Role("applicant")
    with refused("NOT_YOUR_GRANT", "PERMISSION_DENIED"):
        request = {"grant_id": grant.id, "receipts": [a_receipt_line(today)]}
        await funds.call("ClaimService/SubmitClaim", request, stranger)
    with refused("NOT_YOUR_GRANT", "PERMISSION_DENIED"):
        await funds.call("ClaimService/GetClaim", {"claim_id": claim.id}, stranger)
    with refused("NOT_YOUR_GRANT", "PERMISSION_DENIED"):
        await funds.call("ClaimService/ListClaims", {"grant_id": grant.id}, Role("auditor", regions=("12",)))
    mine = await funds.call("ClaimService/GetClaim", {"claim_id": claim.id}, stranger, sub=grant.applicant_sub)
    assert mine.claim.id == claim.id


async def test_a_receipt_with_wrong_fields_is_refused_field_by_field(funds: Started) -> None:
    grant = await agreed(funds)
    wrong = a_receipt_line(berlin_day(await funds.now()), amount_cents=0, file_sha256="x")
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "receipts[0].file_sha256"):
        await submit_claim(funds, grant, wrong)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "receipts"):
        await submit_claim(funds, grant)
