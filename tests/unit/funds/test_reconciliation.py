"""A grant as its postings prove it: what was committed and disbursed is the ledger's, and a grant that differs is refused by name."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.carrying import carry
from services.funds.domain.giving360 import grant_entry
from services.funds.domain.grant import GrantStatus
from services.funds.domain.reconciliation import proven
from services.funds.domain.refusals.export import GrantDiffers
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp, books
from tests.support.funds_grant import a_grant
from tests.support.funds_published import PAGE, PUBLISHER, SOURCE, booked


@given(st.integers(1, 50_000), st.data())
def test_what_was_disbursed_is_what_was_paid_less_what_came_back(paid: int, data: st.DataObject) -> None:
    claimed = data.draw(st.integers(0, paid))
    refunded = data.draw(st.integers(0, claimed))
    grant = a_grant(
        GrantStatus.REVOKED,
        paid_cents=paid,
        refund_claimed_cents=claimed,
        refunded_cents=refunded,
        returned_cents=50_000 - paid,
    )
    found = proven(grant, booked(grant, paid=paid, claimed=claimed, refunded=refunded))
    assert found.disbursed_cents == paid - refunded
    entry = grant_entry(PUBLISHER, found, PAGE, SOURCE)
    values = [transaction["value"] for transaction in entry["disbursementTransaction"]]
    assert round(sum(values) * 100) == round(entry["amountDisbursed"] * 100) == paid - refunded


@given(st.lists(st.integers(-20_000, 20_000).filter(bool), max_size=5), st.data())
def test_what_was_committed_is_what_is_awarded_whatever_was_revised_and_given_back(
    revised: list[int], data: st.DataObject
) -> None:
    kept, approved = books(), 50_000
    kept.keep(kept.budget.commit(approved, "g", a_stamp()))
    for cents in revised:
        if approved + cents > 0:
            moved = kept.budget.commit if cents > 0 else kept.budget.uncommit
            kept.keep(moved(abs(cents), "g", a_stamp()))
            approved += cents
    returned = data.draw(st.integers(0, approved))
    if returned:
        kept.keep(kept.budget.uncommit(returned, "g", a_stamp()))
    grant = a_grant(approved_cents=approved, requested_cents=1_000_000, returned_cents=returned)
    found = proven(grant, [posting for posting in kept.postings if posting.grant_id == "g"])
    entry = grant_entry(PUBLISHER, found, PAGE, SOURCE)
    values = [transaction["value"] for transaction in entry["commitmentTransaction"]]
    assert round(sum(values) * 100) == round(entry["amountAwarded"] * 100) == approved


def test_a_refund_that_did_not_come_is_told_as_such_and_not_as_a_payment() -> None:
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(50_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claimed(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_received(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_corrected(18_000, "g", a_stamp()))
    grant = a_grant(paid_cents=50_000, refunded_cents=2_000)
    found = proven(grant, [posting for posting in kept.postings if posting.grant_id == "g"])
    told = grant_entry(PUBLISHER, found, PAGE, SOURCE)["disbursementTransaction"]
    assert [(one["description"], one["value"]) for one in told] == [
        ("Auszahlung", 500), ("Rückzahlung", -200), ("Berichtigte Rückzahlung", 180),
    ]  # fmt: skip


def test_a_claim_that_was_withdrawn_is_neither_a_payment_nor_a_refund() -> None:
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(50_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claimed(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claim_withdrawn(20_000, "g", a_stamp()))
    found = proven(a_grant(paid_cents=50_000), [posting for posting in kept.postings if posting.grant_id == "g"])
    assert [one.amount_cents for one in found.disbursements] == [50_000]


@given(st.integers(1, 50_000), st.data())
def test_a_payment_that_the_bank_sent_back_was_not_made(paid: int, data: st.DataObject) -> None:
    owed = data.draw(st.integers(0, paid))
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(paid, "g", a_stamp()))
    if owed:
        kept.keep(kept.budget.refund_claimed(owed, "g", a_stamp()))
    kept.keep(kept.budget.payment_returned(paid, owed, "g", a_stamp()))
    found = proven(a_grant(paid_cents=0), [posting for posting in kept.postings if posting.grant_id == "g"])
    assert [one.amount_cents for one in found.disbursements] == [paid, -paid]


def test_a_grant_that_went_on_in_the_next_year_is_proven_over_both() -> None:
    old = books()
    old.keep(old.budget.commit(50_000, "g", a_stamp()))
    old.keep(old.budget.pay(20_000, "g", a_stamp()))
    new_year = a_stamp(value_date=date(YEAR + 1, 1, 2))
    new = Books(a_planned_budget(fund_id=old.budget.fund_id, year=YEAR + 1), [])
    new.keep(new.budget.release(1_000, new_year))
    out, into = carry(old.budget, new.budget, 30_000, "g", a_stamp(), new_year)
    old.keep(out)
    new.keep(into)
    new.keep(new.budget.pay(10_000, "g", new_year))
    new.keep(new.budget.uncommit(20_000, "g", new_year, 20_000))
    grant = a_grant(GrantStatus.SETTLED, paid_cents=30_000, returned_cents=20_000)
    booked_twice = [posting for posting in (*old.postings, *new.postings) if posting.grant_id == "g"]
    assert proven(grant, booked_twice).disbursed_cents == 30_000


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"paid_cents": 9_999}, "paid"),
        ({"approved_cents": 49_999}, "taken from the pot"),
        ({"refunded_cents": 1}, "taken from the pot"),
    ],
)
def test_a_grant_that_differs_from_its_postings_is_refused_by_name(changes: dict[str, Any], what: str) -> None:
    grant = a_grant(paid_cents=10_000)
    wrong = replace(grant, **changes)
    with pytest.raises(GrantDiffers) as caught:
        proven(wrong, booked(grant, paid=10_000))
    assert caught.value.details["grant_id"] == grant.id
    assert caught.value.details["what"] == what
