"""How a grant ends: settled, cancelled or revoked, with every cent back where it belongs (Abrechnung)."""

from dataclasses import replace
from datetime import date, datetime

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.proving import claim_back, is_overdue
from services.funds.domain.refusals.grant import (
    AlreadyPaid,
    ClaimsUndecided,
    GrantNotIn,
    NotOverdueYet,
    PaymentInFlight,
    PaymentOutstanding,
    ReceivedBeforePaid,
    ReceivedInFuture,
    RefundNotSoHigh,
    RefundOutstanding,
    RefundTooHigh,
    RemindersPending,
)


def settle(grant: Grant, waiver_reason: str, by: str, at: datetime) -> Grant:
    """Proven and paid: what was not paid goes back to the pot, and paid + returned = approved.

    `waiver_reason` says why a recipient gives up accepted costs; an advance owes nothing beyond what was ordered.
    """
    grant.require(GrantStatus.PROOF_ACCEPTED)
    _require_quiet(grant)
    if grant.refund_due_cents:
        raise RefundOutstanding(grant.refund_due_cents)
    if grant.payout is Payout.REIMBURSEMENT and grant.payable_cents and not waiver_reason.strip():
        raise PaymentOutstanding(grant.payable_cents)
    return _closed(grant, GrantStatus.SETTLED, waiver_reason, by, at)


def cancel(grant: Grant, reason: str, by: str, at: datetime) -> Grant:
    """The project does not take place; only while nothing was paid."""
    grant.require(GrantStatus.AWARDED, GrantStatus.AGREED, GrantStatus.RUNNING, GrantStatus.PROOF_DUE)
    _require_quiet(grant)
    if grant.paid_cents:
        raise AlreadyPaid(grant.paid_cents)
    return _closed(grant, GrantStatus.CANCELLED, reason, by, at)


def revoke(grant: Grant, reason: str, by: str, at: datetime) -> Grant:
    """No proof came, reminders notwithstanding: nothing counts as proven, and all that was paid is owed back (Widerruf)."""
    if not is_overdue(grant, at):
        if grant.proof_due_on is None or grant.status in (GrantStatus.PROOF_SUBMITTED, GrantStatus.PROOF_ACCEPTED):
            raise GrantNotIn(grant.status, (GrantStatus.OVERDUE,))
        grant.require(GrantStatus.AGREED, GrantStatus.RUNNING, GrantStatus.PROOF_DUE, GrantStatus.PROOF_QUERIED)
        raise NotOverdueYet(grant.proof_due_on.isoformat())
    last = max(grant.proof_reminders_on, default=None)
    if last is not None and at < end_of_day(last):
        raise RemindersPending(last.isoformat())
    _require_quiet(grant)
    claimed = claim_back(replace(grant, accepted_cents=0), grant.paid_cents, at)
    return _closed(claimed, GrantStatus.REVOKED, reason, by, at)


def receive_refund(
    grant: Grant, amount_cents: int, received_on: date, at: datetime, *, first_paid_on: date | None = None
) -> Grant:
    """Money came back, the whole of what is owed or a part; never before it was paid for the first time."""
    grant.require(GrantStatus.PROOF_ACCEPTED, GrantStatus.REVOKED)
    if received_on > berlin_day(at):
        raise ReceivedInFuture(berlin_day(at).isoformat())
    if first_paid_on and received_on < first_paid_on:
        raise ReceivedBeforePaid(first_paid_on.isoformat())
    if amount_cents > grant.refund_due_cents:
        raise RefundTooHigh(grant.refund_due_cents)
    return replace(grant, refunded_cents=grant.refunded_cents + amount_cents)


def correct_refund(grant: Grant, amount_cents: int) -> Grant:
    """So much of what was booked did not come: it is owed again, and a settled grant waits for its end again."""
    grant.require(GrantStatus.PROOF_ACCEPTED, GrantStatus.REVOKED, GrantStatus.SETTLED)
    if amount_cents > grant.refunded_cents:
        raise RefundNotSoHigh(grant.refunded_cents)
    return replace(reopened(grant), refunded_cents=grant.refunded_cents - amount_cents)


def reopened(grant: Grant) -> Grant:
    """A settled grant is proven and no more; any other is what it was."""
    if grant.status is not GrantStatus.SETTLED:
        return grant
    return replace(grant, status=GrantStatus.PROOF_ACCEPTED, closed_by="", closed_at=None, closed_reason="")


def refund_is_overdue(grant: Grant, at: datetime) -> bool:
    """Whether money is owed back after its day."""
    due = grant.refund_due_on
    return due is not None and grant.refund_due_cents > 0 and at >= end_of_day(due)


def _require_quiet(grant: Grant) -> None:
    if grant.in_flight_cents:
        raise PaymentInFlight(grant.in_flight_cents)
    if grant.open_claims:
        raise ClaimsUndecided(grant.open_claims)


def _closed(grant: Grant, status: GrantStatus, reason: str, by: str, at: datetime) -> Grant:
    return replace(
        grant,
        status=status,
        returned_cents=grant.approved_cents - grant.paid_cents,
        later_shares=(),
        closed_by=by,
        closed_at=at,
        closed_reason=reason,
    )
