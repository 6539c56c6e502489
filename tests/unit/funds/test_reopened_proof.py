"""An acceptance that was wrong is taken back: what it set and claimed is gone, what was handed in and paid stays."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.grant_position import GrantPosition, positions, sums, withdrawn_from
from services.funds.domain.proof import Outcome, Proof
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp
from tests.support.funds_grant import AUTUMN, JULY, a_grant, a_proven, a_receipt, paid, with_accepted

RESULTS = ((Outcome.REACHED, "ja"), (Outcome.MISSED, "Regen"))


def accepted(grant: Grant, cents: int) -> Grant:
    return proving.accept(grant, cents, "nicht alles zählt", "office", JULY)


def reopened(grant: Grant, claims_cents: int = 0) -> Grant:
    return proving.reopen(grant, claims_cents, "vertippt", "head", AUTUMN)


def proof_of(grant: Grant) -> Proof:
    assert grant.proof is not None
    return grant.proof


@given(st.integers(1, 50_000), st.integers(0, 60_000), st.integers(0, 100), st.data())
def test_a_reopened_proof_is_what_it_was_before_the_acceptance_but_for_the_reason(
    paid_cents: int, costs: int, percent: int, data: st.DataObject
) -> None:
    grant = with_accepted(paid(a_grant(payout=Payout.ADVANCE, lump_sum_percent=percent), paid_cents), 7_000)
    submitted, counted = a_proven(grant, costs), grant.accepted_cents
    assert counted == 7_000 + 7_000 * percent // 100
    again = reopened(accepted(submitted, data.draw(st.integers(0, costs))), counted)
    told = replace(proof_of(submitted), reopened_reason="vertippt", reopened_by="head", reopened_at=AUTUMN)
    assert again == replace(submitted, proof=told)
    right = accepted(again, costs)
    assert right.refund_claimed_cents == max(0, paid_cents - costs)
    assert proof_of(right).reopened_reason == "vertippt"


def test_a_reopened_proof_can_be_asked_about_and_its_answer_keeps_why_it_was_reopened() -> None:
    again = reopened(accepted(a_proven(a_grant()), 0))
    asked = proving.query(again, "Wo ist Beleg 3?", date(2027, 10, 20), "office", AUTUMN)
    told = proof_of(proving.submit(asked, "Hier.", RESULTS, 50_000, (a_receipt(),), "applicant", AUTUMN))
    assert (told.reopened_reason, told.reopened_by, told.reopened_at) == ("vertippt", "head", AUTUMN)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"in_flight_cents": 1}, "PAYMENT_IN_FLIGHT"),
        ({"refund_claimed_cents": 2, "refunded_cents": 1}, "REFUND_ALREADY_RECEIVED"),
        ({"refund_claimed_cents": 2, "refunded_cents": 2}, "REFUND_ALREADY_RECEIVED"),
        ({"payout": Payout.REIMBURSEMENT}, "PAID_ON_ACCEPTANCE"),
    ],
)
def test_an_acceptance_stands_that_money_rests_on(fields: dict[str, Any], reason: str) -> None:
    grant = accepted(a_proven(paid(a_grant(payout=Payout.ADVANCE), 40_000)), 40_000)
    with pytest.raises(Refusal, match=reason):
        reopened(replace(grant, **fields), 39_999)
    assert reopened(grant, 39_999).status is GrantStatus.PROOF_SUBMITTED


def test_what_was_paid_for_accepted_claims_does_not_rest_on_the_acceptance() -> None:
    grant = paid(with_accepted(a_grant(), 40_000), 40_000)
    wrong = accepted(a_proven(grant, 45_000), 4_000)
    assert wrong.refund_due_cents == 36_000
    again = reopened(wrong, 40_000)
    assert (again.paid_cents, again.accepted_cents, again.payable_cents, again.refund_due_cents) == (
        40_000,
        40_000,
        0,
        0,
    )


def test_a_refund_that_did_not_come_is_corrected_and_the_acceptance_taken_back() -> None:
    grant = accepted(a_proven(paid(a_grant(payout=Payout.ADVANCE), 50_000)), 30_000)
    received = settlement.receive_refund(grant, 20_000, JULY.date(), JULY)
    with pytest.raises(Refusal, match="CorrectRefund"):
        reopened(received)
    again = reopened(settlement.correct_refund(received, 20_000))
    assert (again.refund_claimed_cents, again.refund_due_on) == (0, None)


def test_a_claim_is_withdrawn_from_the_newest_budget_first_and_its_day_is_when_it_is_paid_again() -> None:
    old, new = Books(a_planned_budget(), []), Books(a_planned_budget(year=YEAR + 1), [])
    march, may, june = (date(YEAR + 1, month, 1) for month in (3, 5, 6))
    for book, stamp, cents in ((old, a_stamp(), 60), (new, a_stamp(value_date=march), 40)):
        book.keep(book.budget.release(100, stamp))
        book.keep(book.budget.commit(cents, "g", stamp))
        book.keep(book.budget.pay(cents, "g", stamp))
    old.keep(old.budget.refund_claimed(10, "g", a_stamp(value_date=date(YEAR, 12, 31))))
    new.keep(new.budget.refund_claimed(40, "g", a_stamp(value_date=may)))
    stands = positions(p for book in (old, new) for p in book.postings if p.grant_id)
    assert [(p.year, part) for p, part in withdrawn_from(stands, 50)] == [(YEAR + 1, 40), (YEAR, 10)]
    new.keep(new.budget.refund_claim_withdrawn(40, "g", a_stamp(value_date=june)))
    of_grant = [p for book in (old, new) for p in book.postings if p.grant_id]
    assert sums(of_grant).refund_claimed_cents == 10
    assert positions(of_grant)[1].booked_on(march) == june


def test_what_is_owed_again_is_paid_on_no_earlier_day() -> None:
    book = Books(a_planned_budget(), [])
    march, may, june, july = (date(YEAR, month, 1) for month in (3, 5, 6, 7))
    stamp = a_stamp(value_date=march)
    book.keep(book.budget.release(100, stamp))
    book.keep(book.budget.commit(100, "g", stamp))
    book.keep(book.budget.pay(100, "g", stamp))
    book.keep(book.budget.refund_claimed(60, "g", a_stamp(value_date=may)))

    def stands() -> GrantPosition:
        return positions(p for p in book.postings if p.grant_id)[0]

    book.keep(book.budget.refund_received(60, "g", a_stamp(value_date=june)))
    assert stands().booked_on(march) == may, "what came in may come in any order"
    book.keep(book.budget.refund_corrected(60, "g", a_stamp(value_date=july)))
    assert stands().booked_on(june) == july
    book.keep(book.budget.payment_returned(0, 60, "g", a_stamp(value_date=date(YEAR, 8, 1))))
    assert stands().booked_on(july) == date(YEAR, 8, 1)
