"""Every status of a grant, a payment and a claim, with every command: allowed where the table says so, refused elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.ports import new_id
from chassis.refusals import Refusal
from services.funds.domain import proving, settlement
from services.funds.domain.claim import Claim, ClaimStatus
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.payment import Payment, PaymentStatus
from services.funds.domain.proof import Outcome
from tests.support.funds_grant import AUTUMN, FEBRUARY, IBAN, JULY, MAY, a_claim, a_grant, a_person, a_receipt

CLERK, TREASURER = a_person("clerk"), a_person("treasurer")
PAYEE = Payee.of("Kiezgarten e. V.", IBAN, "office")
RESULTS = ((Outcome.REACHED, "ja"), (Outcome.MISSED, "Regen"))
S, P, C = GrantStatus, PaymentStatus, ClaimStatus
OVER = {S.SETTLED, S.REVOKED, S.CANCELLED}
UNDER_WAY = {S.AGREED, S.RUNNING, S.PROOF_DUE}
PROVING = {S.PROOF_SUBMITTED, S.PROOF_QUERIED}
PAYING = UNDER_WAY | PROVING | {S.PROOF_ACCEPTED}


def a_payment(status: PaymentStatus, grant: Grant | None = None) -> Payment:
    """A payment of 100 € in this status, of this grant where one is named."""
    _, ordered = Payment.order(a_grant(payout=Payout.ADVANCE), new_id(), 10_000, CLERK, MAY)
    payment = replace(ordered, status=status, released_at=MAY, paid_on=MAY.date())
    return replace(payment, budget_id=grant.budget_id) if grant else payment


def with_paid(grant: Grant) -> Grant:
    return replace(grant, paid_cents=10_000)


def with_claim(take: Callable[[Claim, Grant], Any]) -> Callable[[Grant], Any]:
    """A step on a claim that was handed in while the project ran."""

    def step(grant: Grant) -> Any:
        _, claim = a_claim(a_grant(), 100)
        return take(claim, replace(grant, open_claims=1))

    return step


GRANT_STEPS: dict[str, tuple[Callable[[Grant], Any], set[GrantStatus]]] = {
    "agree": (lambda g: g.agree("1", PAYEE, "office", FEBRUARY), {S.AWARDED}),
    "change_payee": (lambda g: g.change_payee(PAYEE), set(S) - OVER - {S.AWARDED}),
    "submit_claim": (lambda g: Claim.submit(g, new_id(), (a_receipt(),), "applicant", MAY), UNDER_WAY | PROVING),
    "accept_claim": (
        with_claim(lambda claim, g: claim.accept(g, (), "office", MAY)),
        UNDER_WAY | PROVING | {S.OVERDUE},
    ),
    "refuse_claim": (
        with_claim(lambda claim, g: claim.refuse(g, "no", "office", MAY)),
        UNDER_WAY | PROVING | {S.OVERDUE},
    ),
    "order_payment": (
        lambda g: Payment.order(replace(g, accepted_cents=50_000), new_id(), 1, CLERK, MAY),
        PAYING,
    ),
    "release_payment": (lambda g: a_payment(P.ORDERED).release(g, TREASURER, MAY), PAYING),
    "export_payment": (lambda g: a_payment(P.RELEASED).export(g, new_id(), TREASURER, MAY), PAYING),
    # A grant does not end while a payment is in flight: what the bank did is booked whatever its status.
    "mark_paid": (lambda g: a_payment(P.RELEASED).mark_paid(g, MAY.date(), TREASURER, MAY), set(S)),
    "mark_failed": (lambda g: a_payment(P.RELEASED).fail(g, "no", TREASURER, MAY), set(S)),
    "return_payment": (
        lambda g: a_payment(P.PAID, g).come_back(with_paid(g), MAY.date(), "closed", TREASURER, MAY),
        PAYING | {S.OVERDUE, S.SETTLED},
    ),
    "submit_proof": (
        lambda g: proving.submit(g, "r", RESULTS, 1, (), "applicant", JULY),
        UNDER_WAY | {S.PROOF_QUERIED, S.OVERDUE},
    ),
    "query_proof": (lambda g: proving.query(g, "why?", date(2027, 8, 1), "office", JULY), {S.PROOF_SUBMITTED}),
    "accept_proof": (lambda g: proving.accept(g, 50_000, "", "office", JULY), {S.PROOF_SUBMITTED}),
    "reopen_proof": (lambda g: proving.reopen(g, 0, "a slip", "office", JULY), {S.PROOF_ACCEPTED}),
    "receive_refund": (
        lambda g: settlement.receive_refund(replace(g, refund_claimed_cents=1), 1, JULY.date(), JULY),
        {S.PROOF_ACCEPTED, S.REVOKED},
    ),
    "settle": (lambda g: settlement.settle(g, "waived", "office", JULY), {S.PROOF_ACCEPTED}),
    "cancel": (lambda g: settlement.cancel(g, "no", "office", JULY), UNDER_WAY | {S.AWARDED}),
    "revoke": (
        lambda g: settlement.revoke(g, "no proof", "office", AUTUMN),
        UNDER_WAY | {S.OVERDUE, S.PROOF_QUERIED},
    ),
}


@pytest.mark.parametrize("step", GRANT_STEPS)
@pytest.mark.parametrize("status", GrantStatus)
def test_each_command_on_a_grant_is_allowed_in_its_statuses_alone(step: str, status: GrantStatus) -> None:
    take, allowed = GRANT_STEPS[step]
    expect(status in allowed, lambda: take(a_grant(status)), "GRANT_NOT_READY")


PAYMENT_STEPS: dict[str, tuple[Callable[[Payment, Grant], Any], set[PaymentStatus]]] = {
    "release": (lambda p, g: p.release(g, TREASURER, MAY), {P.ORDERED}),
    "export": (lambda p, g: p.export(g, new_id(), TREASURER, MAY), {P.RELEASED}),
    "mark_paid": (lambda p, g: p.mark_paid(g, MAY.date(), TREASURER, MAY), {P.RELEASED, P.EXPORTED}),
    "mark_failed": (lambda p, g: p.fail(g, "no", TREASURER, MAY), {P.ORDERED, P.RELEASED, P.EXPORTED}),
    "return": (lambda p, g: p.come_back(with_paid(g), MAY.date(), "closed", TREASURER, MAY), {P.PAID}),
}


@pytest.mark.parametrize("step", PAYMENT_STEPS)
@pytest.mark.parametrize("status", PaymentStatus)
def test_each_command_on_a_payment_is_allowed_in_its_statuses_alone(step: str, status: PaymentStatus) -> None:
    take, allowed = PAYMENT_STEPS[step]
    grant = a_grant(payout=Payout.ADVANCE)
    expect(status in allowed, lambda: take(a_payment(status, grant), grant), "PAYMENT_NOT_READY")


@pytest.mark.parametrize("status", ClaimStatus)
def test_a_claim_is_decided_while_it_is_submitted_alone(status: ClaimStatus) -> None:
    grant, claim = a_claim(a_grant(), 100)
    decided = replace(claim, status=status)
    expect(status is C.SUBMITTED, lambda: decided.accept(grant, (), "office", MAY), "CLAIM_DECIDED")
    expect(status is C.SUBMITTED, lambda: decided.refuse(grant, "no", "office", MAY), "CLAIM_DECIDED")


def expect(allowed: bool, take: Callable[[], Any], reason: str) -> None:
    if allowed:
        take()
        return
    with pytest.raises(Refusal) as caught:
        take()
    assert caught.value.reason == reason


CLOCK: dict[str, tuple[Callable[[Grant], Grant], set[GrantStatus]]] = {
    "start": (Grant.start, {S.AGREED}),
    "falls_due": (proving.falls_due, {S.AGREED, S.RUNNING}),
    "falls_overdue": (proving.falls_overdue, UNDER_WAY | {S.PROOF_QUERIED}),
}


@pytest.mark.parametrize("hand", CLOCK)
@pytest.mark.parametrize("status", GrantStatus)
def test_the_clock_moves_a_grant_from_its_statuses_alone_however_late_it_comes(hand: str, status: GrantStatus) -> None:
    move, moved = CLOCK[hand]
    grant = a_grant(status)
    assert (move(grant) is not grant) == (status in moved)
