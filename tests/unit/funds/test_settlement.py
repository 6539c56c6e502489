"""The end of a grant: every cent that was promised is paid or back in the pot, and what was paid too much comes back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import end_of_day
from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.budget import Budget, BudgetStatus
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.ledger import Posting, Stamp, balances
from services.funds.domain.proof import Outcome
from tests.support.funds_grant import (
    AUTUMN,
    JULY,
    MAY,
    a_claim,
    a_grant,
    a_proven,
    a_receipt,
    paid,
    with_accepted,
)

STAMP = Stamp(MAY, MAY.date(), "treasurer")
RESULTS = ((Outcome.REACHED, "ja"), (Outcome.PARTLY, "halb"))


def accepted(grant: Grant, cents: int) -> Grant:
    return proving.accept(grant, cents, "nicht alles zählt", "office", JULY)


@given(st.integers(1, 50_000), st.integers(0, 60_000), st.data())
def test_refund_is_what_was_paid_beyond_the_accepted_costs(paid_cents: int, costs: int, data: st.DataObject) -> None:
    grant = a_proven(paid(a_grant(payout=Payout.ADVANCE), paid_cents), costs)
    counts = data.draw(st.integers(0, costs))
    done = accepted(grant, counts)
    assert done.refund_claimed_cents == done.refund_due_cents == max(0, paid_cents - counts)
    assert done.payable_cents == max(0, min(done.approved_cents, counts) - paid_cents)


@given(st.integers(0, 50_000), st.integers(0, 60_000))
def test_what_is_paid_and_what_returns_is_what_was_approved_and_the_ledger_sums_to_zero(
    paid_cents: int, costs: int
) -> None:
    grant = a_grant(payout=Payout.ADVANCE)
    budget, postings = a_budget_with(grant)
    if paid_cents:
        grant = paid(grant, paid_cents)
        budget, posting = budget.pay(paid_cents, grant.id, STAMP)
        postings.append(posting)
    grant = accepted(a_proven(grant, costs), costs)
    if grant.refund_due_cents:
        owed = grant.refund_due_cents
        budget, claimed = budget.refund_claimed(owed, grant.id, STAMP)
        grant = settlement.receive_refund(grant, owed, JULY.date(), JULY)
        budget, received = budget.refund_received(owed, grant.id, STAMP)
        postings += [claimed, received]
    settled = settlement.settle(grant, "", "office", JULY)
    if settled.returned_cents:
        budget, posting = budget.uncommit(settled.returned_cents, grant.id, STAMP)
        postings.append(posting)
    assert settled.paid_cents + settled.returned_cents == settled.approved_cents
    assert (budget.committed_cents, budget.receivable_cents) == (0, 0)
    assert budget.paid_cents == settled.paid_cents - settled.refunded_cents == min(paid_cents, costs)
    assert budget.available_cents == 1_300_000 - budget.paid_cents
    assert sum(balances(postings).values()) == 0


def a_budget_with(grant: Grant) -> tuple[Budget, list[Posting]]:
    budget = Budget(
        id=grant.budget_id,
        region=grant.region,
        fund_id=grant.fund_id,
        title_id="t",
        year=2027,
        office_actor_id="",
        planned_cents=1_300_000,
        status=BudgetStatus.PLANNED,
    )
    released, first = budget.release(1_300_000, STAMP)
    committed, second = released.commit(grant.approved_cents, grant.id, STAMP)
    return committed, [first, second]


def test_a_reimbursed_grant_is_settled_when_its_accepted_costs_are_paid_or_waived() -> None:
    grant = accepted(a_proven(a_grant(), 40_000), 40_000)
    with pytest.raises(Refusal, match="PAYMENT_OUTSTANDING") as caught:
        settlement.settle(grant, " ", "office", JULY)
    assert caught.value.details == {"payable_cents": "40000"}
    assert settlement.settle(paid(grant, 40_000), "", "office", JULY).returned_cents == 10_000
    assert settlement.settle(grant, "verzichtet", "office", JULY).returned_cents == 50_000


def test_a_grant_is_not_settled_before_its_refund_came() -> None:
    grant = accepted(a_proven(paid(a_grant(payout=Payout.ADVANCE), 50_000), 30_000), 30_000)
    with pytest.raises(Refusal, match="REFUND_OUTSTANDING"):
        settlement.settle(grant, "", "office", JULY)
    part = settlement.receive_refund(grant, 5_000, JULY.date(), JULY)
    with pytest.raises(Refusal, match="REFUND_TOO_HIGH"):
        settlement.receive_refund(part, 15_001, JULY.date(), JULY)
    with pytest.raises(Refusal, match="RECEIVED_IN_FUTURE"):
        settlement.receive_refund(part, 1, JULY.date() + timedelta(days=1), JULY)
    whole = settlement.receive_refund(part, 15_000, JULY.date(), JULY)
    assert settlement.settle(whole, "", "office", JULY).status is GrantStatus.SETTLED


def test_no_refund_comes_before_the_first_payment() -> None:
    grant = accepted(a_proven(paid(a_grant(payout=Payout.ADVANCE), 50_000), 30_000), 30_000)
    day = JULY.date()
    with pytest.raises(Refusal, match="RECEIVED_BEFORE_PAID"):
        settlement.receive_refund(grant, 1, day - timedelta(days=1), JULY, first_paid_on=day)
    assert settlement.receive_refund(grant, 1, day, JULY, first_paid_on=day).refunded_cents == 1


@pytest.mark.parametrize("status", set(GrantStatus) - {GrantStatus.PROOF_ACCEPTED, GrantStatus.REVOKED})
def test_no_refund_is_booked_that_was_not_claimed(status: GrantStatus) -> None:
    with pytest.raises(Refusal, match="GRANT_NOT_READY"):
        settlement.receive_refund(a_grant(status), 1, JULY.date(), JULY)


def test_a_grant_with_money_in_flight_or_undecided_claims_does_not_end() -> None:
    for fields, reason in (({"in_flight_cents": 1}, "PAYMENT_IN_FLIGHT"), ({"open_claims": 1}, "CLAIMS_UNDECIDED")):
        ends: tuple[Callable[[dict[str, Any]], Grant], ...] = (
            lambda f: settlement.cancel(a_grant(**f), "x", "office", MAY),
            lambda f: settlement.settle(a_grant(GrantStatus.PROOF_ACCEPTED, **f), "x", "office", JULY),
            lambda f: settlement.revoke(a_grant(GrantStatus.OVERDUE, **f), "x", "office", AUTUMN),
            lambda f: proving.accept(a_grant(GrantStatus.PROOF_SUBMITTED, **f), 50_000, "", "office", JULY),
        )
        for end in ends:
            with pytest.raises(Refusal, match=reason):
                end(fields)


def test_a_grant_of_which_something_was_paid_is_not_cancelled() -> None:
    with pytest.raises(Refusal, match="ALREADY_PAID"):
        settlement.cancel(paid(a_grant(payout=Payout.ADVANCE), 1), "x", "office", MAY)


def test_a_cancelled_grant_returns_everything() -> None:
    assert settlement.cancel(a_grant(GrantStatus.AWARDED), "x", "office", MAY).returned_cents == 50_000


def test_a_grant_is_revoked_only_after_the_day_of_its_proof() -> None:
    grant = paid(a_grant(payout=Payout.ADVANCE), 20_000)
    last = end_of_day(grant.proof_due_on or date.min)
    with pytest.raises(Refusal, match="PROOF_NOT_OVERDUE"):
        settlement.revoke(grant, "x", "office", last - timedelta(milliseconds=1))
    revoked = settlement.revoke(grant, "x", "office", last)
    assert (revoked.status, revoked.refund_claimed_cents, revoked.returned_cents) == (
        GrantStatus.REVOKED,
        20_000,
        30_000,
    )


def test_a_proof_answers_every_goal() -> None:
    for results in ((), RESULTS[:1], (*RESULTS, *RESULTS)):
        with pytest.raises(Refusal, match="GOALS_NOT_ANSWERED"):
            proving.submit(a_grant(), "r", results, 1, (), "applicant", JULY)
    proof = proving.submit(a_grant(), "r", RESULTS, 1, (), "applicant", JULY).proof
    assert proof is not None
    assert [r.goal for r in proof.results] == list(a_grant().goals)


def test_a_late_proof_is_taken_and_marked() -> None:
    for status, at, late in (
        (GrantStatus.PROOF_DUE, JULY, False),
        (GrantStatus.PROOF_DUE, AUTUMN, True),
        (GrantStatus.OVERDUE, AUTUMN, True),
    ):
        proof = proving.submit(a_grant(status), "r", RESULTS, 1, (), "applicant", at).proof
        assert proof is not None
        assert proof.is_late is late


def test_a_query_moves_the_day_of_the_proof_and_stays_on_record() -> None:
    asked = proving.query(a_grant(GrantStatus.PROOF_SUBMITTED), "Wo ist Beleg 3?", date(2027, 8, 20), "office", JULY)
    assert asked.proof_due_on == date(2027, 8, 20)
    assert proving.falls_overdue(asked).status is GrantStatus.OVERDUE
    answered = proving.submit(asked, "Hier.", RESULTS, 1, (a_receipt(),), "applicant", JULY)
    assert answered.proof is not None
    assert answered.proof.query == "Wo ist Beleg 3?"
    with pytest.raises(Refusal, match="ANSWER_DAY_PASSED"):
        proving.query(answered, "?", JULY.date() - timedelta(days=1), "office", JULY)


@pytest.mark.parametrize("status", GrantStatus)
def test_a_refund_is_corrected_where_one_was_booked_and_by_no_more(status: GrantStatus) -> None:
    grant = a_grant(status, refund_claimed_cents=20_000, refunded_cents=20_000)
    if status not in (GrantStatus.PROOF_ACCEPTED, GrantStatus.REVOKED, GrantStatus.SETTLED):
        with pytest.raises(Refusal, match="GRANT_NOT_READY"):
            settlement.correct_refund(grant, 1)
        return
    corrected = settlement.correct_refund(grant, 18_000)
    becomes = GrantStatus.PROOF_ACCEPTED if status is GrantStatus.SETTLED else status
    assert (corrected.status, corrected.refunded_cents, corrected.refund_due_cents) == (becomes, 2_000, 18_000)
    with pytest.raises(Refusal, match="REFUND_NOT_SO_HIGH"):
        settlement.correct_refund(corrected, 2_001)


def test_an_answer_is_due_within_a_year() -> None:
    submitted, latest = a_grant(GrantStatus.PROOF_SUBMITTED), JULY.date() + timedelta(days=365)
    assert proving.query(submitted, "?", latest, "office", JULY).proof_due_on == latest
    with pytest.raises(Refusal, match="ANSWER_DAY_TOO_LATE") as refused:
        proving.query(submitted, "?", latest + timedelta(days=1), "office", JULY)
    assert "answer_by" in refused.value.fields


@pytest.mark.parametrize(
    ("cents", "reason", "refusal"), [(50_001, "", "ACCEPTED_ABOVE_COSTS"), (49_999, " ", "REASON_MISSING")]
)
def test_no_more_is_accepted_than_it_cost_and_less_only_with_a_reason(cents: int, reason: str, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        proving.accept(a_grant(GrantStatus.PROOF_SUBMITTED), cents, reason, "office", JULY)


def test_claims_are_decided_before_the_proof_is_accepted() -> None:
    grant, _ = a_claim(a_grant(GrantStatus.PROOF_SUBMITTED), 100)
    with pytest.raises(Refusal, match="CLAIMS_UNDECIDED"):
        accepted(grant, 1)


@pytest.mark.parametrize(("lump_sum_percent", "most"), [(0, 15_000), (10, 16_500)])
def test_where_receipts_alone_count_no_more_is_accepted_than_they_show(lump_sum_percent: int, most: int) -> None:
    running = with_accepted(a_grant(receipts_only=True, lump_sum_percent=lump_sum_percent), 10_000)
    answered = ((Outcome.REACHED, "ja"), (Outcome.REACHED, "ja"))
    grant = proving.submit(running, "Gut.", answered, 40_000, (a_receipt(5_000),), "applicant", JULY)
    assert accepted(grant, most).accepted_cents == most
    with pytest.raises(Refusal, match="ACCEPTED_ABOVE_RECEIPTS"):
        accepted(grant, most + 1)
