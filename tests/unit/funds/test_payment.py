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
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payment import PAYING, Payment, PaymentStatus
from tests.support.funds_grant import MAY, a_grant, a_person, paid, with_accepted

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


@pytest.mark.parametrize("status", GrantStatus)
def test_money_is_ordered_and_released_only_between_agreement_and_settlement(status: GrantStatus) -> None:
    grant = an_advance(status=status, accepted_cents=50_000)
    _, payment = an_order(an_advance())
    if status in PAYING:
        an_order(grant)
        payment.release(grant, TREASURER, MAY)
        return
    with pytest.raises(Refusal, match="GRANT_NOT_READY"):
        an_order(grant)
    with pytest.raises(Refusal, match="GRANT_NOT_READY"):
        payment.release(grant, TREASURER, MAY)


@pytest.mark.parametrize("status", PaymentStatus)
def test_a_payment_goes_from_ordered_to_released_to_paid_and_no_other_way(status: PaymentStatus) -> None:
    grant, ordered = an_order(an_advance())
    payment = replace(ordered, status=status, released_at=MAY)
    steps: dict[str, tuple[Callable[[], object], set[PaymentStatus]]] = {
        "release": (lambda: payment.release(grant, TREASURER, MAY), {PaymentStatus.ORDERED}),
        "mark_paid": (lambda: payment.mark_paid(grant, MAY.date(), TREASURER, MAY), {PaymentStatus.RELEASED}),
        "fail": (lambda: payment.fail(grant, "x", "y", MAY), set(PaymentStatus) - {PaymentStatus.FAILED}),
    }
    for take, allowed in steps.values():
        if status in allowed:
            take()
        else:
            with pytest.raises(Refusal, match="PAYMENT_NOT_READY"):
                take()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_payment_is_paid_from_its_release_to_today(days: int) -> None:
    grant, payment = an_order(an_advance())
    _, released = payment.release(grant, TREASURER, MAY)
    with pytest.raises(Refusal, match="PAID_ON_OUTSIDE_PERIOD"):
        released.mark_paid(grant, MAY.date() + timedelta(days=days), TREASURER, MAY)


def test_an_ordered_payment_keeps_the_payee_it_was_ordered_for() -> None:
    grant, payment = an_order(an_advance())
    assert grant.payee is not None
    elsewhere = grant.change_payee(replace(grant.payee, iban="GB82WEST12345698765432"))
    _, released = payment.release(elsewhere, TREASURER, MAY)
    assert released.payee == grant.payee


def test_a_failed_payment_may_be_ordered_again() -> None:
    grant, payment = an_order(an_advance(), 50_000)
    assert grant.payable_cents == 0
    freed, _ = payment.fail(grant, "account closed", "treasurer", MAY)
    assert (freed.payable_cents, freed.paid_cents) == (50_000, 0)


def a_paid(grant: Grant, cents: int = 50_000) -> tuple[Grant, Payment]:
    ordered, payment = an_order(grant, cents)
    _, released = payment.release(ordered, TREASURER, MAY)
    return released.mark_paid(ordered, MAY.date(), TREASURER, MAY)


def test_a_payment_that_came_back_may_be_ordered_again() -> None:
    grant, payment = a_paid(an_advance())
    freed, failed = payment.fail(grant, "account closed", "treasurer", MAY)
    assert (freed.paid_cents, freed.in_flight_cents, freed.payable_cents) == (0, 0, 50_000)
    assert (failed.status, failed.paid_on) == (PaymentStatus.FAILED, MAY.date())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"budget_id": "of the next year"}, "PAID_FROM_ANOTHER_YEAR"),
        ({"refund_claimed_cents": 1}, "CLAIMED_BACK_MEANWHILE"),
        ({"status": GrantStatus.SETTLED}, "GRANT_NOT_READY"),
        ({"status": GrantStatus.REVOKED}, "GRANT_NOT_READY"),
    ],
)
def test_what_came_back_too_late_is_a_refund(changes: dict[str, Any], reason: str) -> None:
    grant, payment = a_paid(an_advance())
    with pytest.raises(Refusal, match=reason):
        payment.fail(replace(grant, **changes), "account closed", "treasurer", MAY)


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
