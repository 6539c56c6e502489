"""A claim: each receipt counts once, and never for more than it says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import new_id
from chassis.refusals import Refusal
from services.funds.domain.claim import Claim, ClaimStatus, Deduction
from services.funds.domain.grant import GrantStatus
from tests.support.funds_grant import DECIDED_ON, FEBRUARY, MAY, a_claim, a_grant, a_receipt

BEFORE_MAY = MAY.date()


def reason_of(caught: pytest.ExceptionInfo[Refusal]) -> str:
    return caught.value.reason


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8))
def test_what_counts_is_the_sum_of_the_receipts_less_the_deductions(amounts: list[tuple[int, int]]) -> None:
    grant, claim = a_claim(a_grant(), *(amount for amount, _ in amounts))
    deductions = [Deduction(n, cut, "zu viel") for n, (amount, cut) in enumerate(amounts, 1) if cut < amount]
    expected = sum(min(pair) for pair in amounts)
    if expected == 0:
        with pytest.raises(Refusal, match="NOTHING_ACCEPTED"):
            claim.accept(grant, deductions, "office", MAY)
        return
    counted, accepted = claim.accept(grant, deductions, "office", MAY)
    assert accepted.accepted_cents == counted.accepted_cents == expected <= accepted.total_cents
    assert counted.open_claims == 0
    assert [r.accepted_cents for r in accepted.freed] == [0] * len(accepted.freed)


def test_nothing_is_claimed_before_the_first_day() -> None:
    with pytest.raises(Refusal, match="PROJECT_NOT_STARTED"):
        Claim.submit(a_grant(GrantStatus.AGREED), new_id(), (a_receipt(),), "applicant", FEBRUARY)


@given(st.integers(-400, 400))
def test_a_receipt_is_of_a_day_from_the_decision_to_today(days: int) -> None:
    day = DECIDED_ON + timedelta(days=days)
    receipts = (a_receipt(), a_receipt(issued_on=day))
    if DECIDED_ON <= day <= BEFORE_MAY:
        Claim.submit(a_grant(), new_id(), receipts, "applicant", MAY)
        return
    with pytest.raises(Refusal, match="RECEIPT_OUTSIDE_PERIOD") as caught:
        Claim.submit(a_grant(), new_id(), receipts, "applicant", MAY)
    assert "receipts[1].issued_on" in caught.value.fields


@pytest.mark.parametrize(
    ("number", "supplier"),
    [
        ("RE-2027/15", "Gärtnerei Groß GmbH"),
        ("re 2027 15", "GÄRTNEREI GROSS GmbH"),
        ("RE.2027.15", "Gärtnerei Groß, GmbH"),
    ],
)
def test_a_receipt_is_the_same_however_it_is_spelt(number: str, supplier: str) -> None:
    first = a_receipt(number="RE-2027/15", supplier="Gärtnerei Groß GmbH")
    again = replace(first, number=number, supplier=supplier)
    assert again.fingerprint == first.fingerprint
    with pytest.raises(Refusal, match="RECEIPT_ALREADY_USED"):
        Claim.submit(a_grant(), new_id(), (first, again), "applicant", MAY)


def test_another_day_amount_number_or_supplier_is_another_receipt() -> None:
    first = a_receipt()
    others = (
        replace(first, amount_cents=first.amount_cents + 1),
        replace(first, issued_on=date(2027, 4, 21)),
        replace(first, number=f"{first.number}1"),
        replace(first, supplier="Blumen am Eck"),
    )
    assert len({r.fingerprint for r in (first, *others)}) == 5


def test_a_refused_claim_counts_nothing_and_frees_its_receipts() -> None:
    grant, claim = a_claim(a_grant(), 100, 200)
    counted, refused = claim.refuse(grant, "nicht förderfähig", "office", MAY)
    assert (refused.status, refused.freed, counted.accepted_cents, counted.open_claims) == (
        ClaimStatus.REFUSED,
        claim.receipts,
        0,
        0,
    )


@given(st.integers(0, 100), st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_the_lump_sum_of_the_award_counts_on_top_of_proven_costs_rounded_down(percent: int, amounts: list[int]) -> None:
    grant, claim = a_claim(a_grant(lump_sum_percent=percent), *amounts)
    counted, accepted = claim.accept(grant, (), "office", MAY)
    assert accepted.lump_sum_cents * 100 <= sum(amounts) * percent < (accepted.lump_sum_cents + 1) * 100
    assert counted.accepted_cents == accepted.accepted_cents == sum(amounts) + accepted.lump_sum_cents


def test_a_lump_sum_on_nothing_is_nothing() -> None:
    grant, claim = a_claim(a_grant(lump_sum_percent=10), 100)
    with pytest.raises(Refusal, match="NOTHING_ACCEPTED"):
        claim.accept(grant, (Deduction(1, 0, "x"),), "office", MAY)


@pytest.mark.parametrize(("position", "cents"), [(0, 1), (3, 1), (1, 100), (1, 101)])
def test_a_deduction_names_a_receipt_and_less_than_its_amount(position: int, cents: int) -> None:
    grant, claim = a_claim(a_grant(), 100, 200)
    with pytest.raises(Refusal) as caught:
        claim.accept(grant, (Deduction(position, cents, "x"),), "office", MAY)
    assert reason_of(caught) == "DEDUCTION_FITS_NO_RECEIPT"


def test_a_receipt_is_deducted_from_once() -> None:
    grant, claim = a_claim(a_grant(), 100, 200)
    with pytest.raises(Refusal, match="DEDUCTION_FITS_NO_RECEIPT") as caught:
        claim.accept(grant, (Deduction(1, 50, "x"), Deduction(1, 60, "y")), "office", MAY)
    assert "deductions[1].position" in caught.value.fields
