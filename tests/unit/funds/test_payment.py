"""A payment: four eyes that did not decide, and never more than is payable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import Caller, new_id
from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payment import Payment, PaymentStatus
from tests.support.funds_grant import JULY, MAY, a_grant, a_person, a_proven, paid, with_accepted

CLERK, TREASURER = a_person("clerk"), a_person("treasurer")


def an_advance(**fields: Any) -> Grant:
    return a_grant(payout=Payout.ADVANCE, **fields)


def an_order(grant: Grant, cents: int = 10_000) -> tuple[Grant, Payment]:
    return Payment.order(grant, new_id(), cents, CLERK, MAY)


def test_whoever_orders_does_not_release() -> None:
    grant, payment = an_order(an_advance())
    with pytest.raises(Refusal, match="FOUR_EYES"):
        payment.release(grant, CLERK, MAY)
    assert payment.release(grant, TREASURER, MAY)[1].released_by == "treasurer"


def test_where_the_rules_ask_for_one_pair_of_eyes_one_is_enough() -> None:
    grant, payment = an_order(an_advance(four_eyes=False))
    assert payment.release(grant, CLERK, MAY)[1].released_by == "clerk"


def test_whoever_decided_does_not_pay() -> None:
    member = a_person("member-1")
    grant, payment = an_order(an_advance())
    _, released = payment.release(grant, TREASURER, MAY)
    with pytest.raises(Refusal, match="DECIDER_MAY_NOT_PAY"):
        Payment.order(an_advance(), new_id(), 1, member, MAY)
    with pytest.raises(Refusal, match="DECIDER_MAY_NOT_PAY"):
        payment.release(grant, member, MAY)
    with pytest.raises(Refusal, match="DECIDER_MAY_NOT_PAY"):
        released.mark_paid(grant, MAY.date(), member, MAY)


def test_nobody_pays_themselves() -> None:
    with pytest.raises(Refusal, match="OWN_GRANT"):
        Payment.order(an_advance(), new_id(), 1, a_person("applicant"), MAY)


@pytest.mark.parametrize("roles", [("service",), ("treasurer", "service")])
def test_a_service_is_no_eye(roles: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="SERVICE_IS_NO_EYE"):
        Payment.order(an_advance(), new_id(), 1, a_person("service:bank", *roles), MAY)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_payment_is_paid_from_its_release_to_today(days: int) -> None:
    grant, payment = an_order(an_advance())
    _, released = payment.release(grant, TREASURER, MAY)
    with pytest.raises(Refusal, match="PAID_ON_OUTSIDE_PERIOD"):
        released.mark_paid(grant, MAY.date() + timedelta(days=days), TREASURER, MAY)


def test_the_payee_stays_while_a_payment_is_under_way() -> None:
    grant, payment = an_order(an_advance())
    assert grant.payee is not None
    elsewhere = replace(grant.payee, iban="GB82WEST12345698765432")
    with pytest.raises(Refusal, match="PAYMENT_IN_FLIGHT"):
        grant.change_payee(elsewhere)
    failed, _ = payment.fail(grant, "x", TREASURER, MAY)
    assert failed.change_payee(elsewhere).payee == elsewhere


def test_whoever_typed_the_account_does_not_release_to_it() -> None:
    grant = an_advance()
    assert grant.payee is not None
    grant, payment = an_order(grant.change_payee(replace(grant.payee, entered_by="treasurer")))
    with pytest.raises(Refusal, match="FOUR_EYES"):
        payment.release(grant, TREASURER, MAY)
    assert payment.release(grant, a_person("third"), MAY)[1].released_by == "third"


def an_export(grant: Grant, cents: int = 10_000) -> tuple[Grant, Payment]:
    ordered, payment = an_order(grant, cents)
    _, released = payment.release(ordered, TREASURER, MAY)
    return ordered, released.export(ordered, "file", TREASURER, MAY)


def test_who_decided_or_is_paid_or_is_no_person_neither_exports_nor_says_what_the_bank_did() -> None:
    grant, exported = an_export(an_advance())
    released = replace(exported, status=PaymentStatus.RELEASED)
    paid_grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    for who, reason in (
        (a_person("member-1"), "DECIDER_MAY_NOT_PAY"),
        (a_person("applicant"), "OWN_GRANT"),
        (a_person("service:bank", "treasurer", "service"), "SERVICE_IS_NO_EYE"),
    ):
        steps: tuple[Callable[[Caller], object], ...] = (
            lambda who: released.export(grant, "other", who, MAY),
            lambda who: exported.fail(grant, "x", who, MAY),
            lambda who: done.come_back(paid_grant, MAY.date(), "x", who, MAY),
        )
        for step in steps:
            with pytest.raises(Refusal, match=reason):
                step(who)


def test_money_that_came_back_may_be_ordered_again() -> None:
    grant, exported = an_export(an_advance(), 50_000)
    paid_grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    assert paid_grant.payable_cents == 0
    back, returned = done.come_back(paid_grant, MAY.date(), "Konto erloschen", TREASURER, MAY)
    assert (back.paid_cents, back.payable_cents, back.in_flight_cents) == (0, 50_000, 0)
    assert (returned.status, returned.file_id) == (PaymentStatus.RETURNED, "file")


@pytest.mark.parametrize("days", [-1, 1])
def test_money_comes_back_from_the_day_it_was_paid_to_today(days: int) -> None:
    grant, exported = an_export(an_advance())
    grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    with pytest.raises(Refusal, match="RETURNED_ON_OUTSIDE_PERIOD"):
        done.come_back(grant, MAY.date() + timedelta(days=days), "x", TREASURER, MAY)


def test_money_of_a_budget_that_the_grant_has_left_comes_back_and_may_be_ordered_again() -> None:
    grant, exported = an_export(an_advance(), 50_000)
    grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    back, returned = done.come_back(replace(grant, budget_id="next year's"), MAY.date(), "x", TREASURER, MAY)
    assert (back.payable_cents, back.budget_id, returned.budget_id) == (50_000, "next year's", grant.budget_id)


def test_a_settled_grant_whose_money_came_back_waits_for_its_end_again_and_owes_what_it_was_worth() -> None:
    grant = with_accepted(a_grant(), 40_000)
    grant, exported = an_export(grant, 40_000)
    grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    proven = proving.accept(a_proven(grant, 40_000), 40_000, "", "office", JULY)
    settled = settlement.settle(proven, "", "office", JULY)
    back, _ = done.come_back(settled, JULY.date(), "Konto erloschen", TREASURER, JULY)
    assert (back.status, back.closed_by, back.payable_cents) == (GrantStatus.PROOF_ACCEPTED, "", 40_000)
    assert back.returned_cents == 10_000
    with pytest.raises(Refusal, match="PAYMENT_OUTSTANDING"):
        settlement.settle(back, "", "office", JULY)


def test_what_a_settlement_returned_to_the_pot_is_not_paid_when_money_comes_back() -> None:
    grant, exported = an_export(with_accepted(a_grant(), 50_000), 40_000)
    grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    proven = proving.accept(a_proven(grant, 50_000), 50_000, "", "office", JULY)
    waived = settlement.settle(proven, "verzichtet", "office", JULY)
    back, _ = done.come_back(waived, JULY.date(), "x", TREASURER, JULY)
    assert (back.accepted_cents, back.returned_cents, back.payable_cents) == (50_000, 10_000, 40_000)


def test_what_comes_back_is_claimed_back_no_more_and_never_twice() -> None:
    grant, exported = an_export(an_advance(), 50_000)
    grant, done = exported.mark_paid(grant, MAY.date(), TREASURER, MAY)
    proven = proving.accept(a_proven(grant, 30_000), 30_000, "", "office", JULY)
    assert proven.refund_due_cents == 20_000
    back, _ = done.come_back(proven, JULY.date(), "x", TREASURER, JULY)
    assert (back.paid_cents, back.refund_claimed_cents, back.payable_cents) == (0, 0, 30_000)
    received = settlement.receive_refund(proven, 1, JULY.date(), JULY)
    with pytest.raises(Refusal, match="REFUND_ALREADY_RECEIVED"):
        done.come_back(received, JULY.date(), "x", TREASURER, JULY)


def test_a_failed_payment_may_be_ordered_again() -> None:
    grant, payment = an_order(an_advance(), 50_000)
    assert grant.payable_cents == 0
    freed, _ = payment.fail(grant, "account closed", TREASURER, MAY)
    assert (freed.payable_cents, freed.paid_cents) == (50_000, 0)


@given(st.sampled_from(Payout), st.lists(st.integers(1, 40_000), max_size=8), st.integers(0, 80_000))
def test_no_row_of_payments_exceeds_the_award_or_the_accepted_costs(
    payout: Payout, amounts: list[int], accepted: int
) -> None:
    grant = a_grant(payout=payout)
    if accepted:
        grant = with_accepted(grant, accepted)
    limit = min(grant.approved_cents, accepted) if payout is Payout.REIMBURSEMENT else grant.approved_cents
    for number, cents in enumerate(amounts):
        before = grant
        if cents > limit - grant.paid_cents - grant.in_flight_cents:
            with pytest.raises(Refusal, match="PAYMENT_EXCEEDED"):
                an_order(grant, cents)
            assert grant == before
        elif number % 2:
            grant, _ = an_order(grant, cents)
        else:
            grant = paid(grant, cents)
        assert grant.paid_cents + grant.in_flight_cents <= limit
        assert grant.payable_cents == limit - grant.paid_cents - grant.in_flight_cents


def test_without_a_payee_nothing_is_ordered() -> None:
    with pytest.raises(Refusal, match="NO_PAYEE"):
        Payment.order(replace(an_advance(), payee=None), new_id(), 1, Caller("clerk"), MAY)
