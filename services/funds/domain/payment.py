"""A payment: ordered by one person, released by another, then paid or failed (Auszahlung, Vier-Augen-Prinzip)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.ports import Caller, berlin_day
from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.refusals.payment import (
    ClaimedBackMeanwhile,
    DeciderMayNotPay,
    FourEyes,
    NoPayee,
    PaidFromAnotherYear,
    PaidOnOutsidePeriod,
    PaymentExceeded,
    PaymentNotIn,
    ServiceIsNoEye,
)

PAYING = (
    *UNDER_WAY,
    GrantStatus.PROOF_SUBMITTED,
    GrantStatus.PROOF_QUERIED,
    GrantStatus.PROOF_ACCEPTED,
)
Paid = tuple[Grant, "Payment"]


class PaymentStatus(StrEnum):
    ORDERED = "ordered"
    RELEASED = "released"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Payment:
    """Every method answers (grant, payment). `payee` is the one of the day it was ordered: that is what is released."""

    id: str
    region: str
    grant_id: str
    grant_title: str
    budget_id: str
    contact_ref: str
    amount_cents: int
    payee: Payee
    ordered_by: str
    ordered_at: datetime
    status: PaymentStatus = PaymentStatus.ORDERED
    released_by: str = ""
    released_at: datetime | None = None
    paid_on: date | None = None
    closed_by: str = ""
    closed_at: datetime | None = None
    failed_reason: str = ""
    version: int = 0

    @classmethod
    def order(cls, grant: Grant, id: str, amount_cents: int, caller: Caller, at: datetime) -> Paid:
        """Reserve the amount within the grant; the money itself moves when the payment is marked as paid."""
        grant.require(*PAYING)
        _require_eye(caller, grant)
        if grant.payee is None:
            raise NoPayee
        if amount_cents > grant.payable_cents:
            raise PaymentExceeded(grant.payable_cents)
        payment = cls(
            id=id,
            region=grant.region,
            grant_id=grant.id,
            grant_title=grant.title,
            budget_id=grant.budget_id,
            contact_ref=grant.contact_ref,
            amount_cents=amount_cents,
            payee=grant.payee,
            ordered_by=caller.sub,
            ordered_at=at,
        )
        return replace(grant, in_flight_cents=grant.in_flight_cents + amount_cents), payment

    def release(self, grant: Grant, caller: Caller, at: datetime) -> Paid:
        """The second pair of eyes, where the rules of the award ask for one."""
        self._require(PaymentStatus.ORDERED)
        grant.require(*PAYING)
        _require_eye(caller, grant)
        if grant.four_eyes and caller.sub == self.ordered_by:
            raise FourEyes
        return grant, replace(self, status=PaymentStatus.RELEASED, released_by=caller.sub, released_at=at)

    def mark_paid(self, grant: Grant, paid_on: date, caller: Caller, at: datetime) -> Paid:
        """The bank has carried it out on `paid_on`; the caller posts it in the budget in the same transaction."""
        self._require(PaymentStatus.RELEASED)
        _require_eye(caller, grant)
        first, last = berlin_day(self.released_at or at), berlin_day(at)
        if not first <= paid_on <= last:
            raise PaidOnOutsidePeriod(first.isoformat(), last.isoformat())
        paid = replace(self, status=PaymentStatus.PAID, paid_on=paid_on, closed_by=caller.sub, closed_at=at)
        return self._landed(grant, paid_cents=grant.paid_cents + self.amount_cents), paid

    def fail(self, grant: Grant, reason: str, by: str, at: datetime) -> Paid:
        """The second person turned it down, or the bank did, even after it was paid; it may be ordered again."""
        self._require(PaymentStatus.ORDERED, PaymentStatus.RELEASED, PaymentStatus.PAID)
        failed = replace(self, status=PaymentStatus.FAILED, failed_reason=reason, closed_by=by, closed_at=at)
        if self.status is PaymentStatus.PAID:
            return self._came_back(grant), failed
        return self._landed(grant, paid_cents=grant.paid_cents), failed

    def masked(self) -> "Payment":
        return replace(self, payee=self.payee.masked())

    def _came_back(self, grant: Grant) -> Grant:
        """The money is promised again, in the budget that paid it; the caller posts it there."""
        grant.require(*PAYING, GrantStatus.OVERDUE)
        if grant.budget_id != self.budget_id:
            raise PaidFromAnotherYear
        if grant.refund_claimed_cents:
            raise ClaimedBackMeanwhile(grant.refund_claimed_cents)
        return replace(grant, paid_cents=grant.paid_cents - self.amount_cents)

    def _landed(self, grant: Grant, *, paid_cents: int) -> Grant:
        return replace(grant, in_flight_cents=grant.in_flight_cents - self.amount_cents, paid_cents=paid_cents)

    def _require(self, *allowed: PaymentStatus) -> None:
        if self.status not in allowed:
            raise PaymentNotIn(self.status, allowed)


def _require_eye(caller: Caller, grant: Grant) -> None:
    """Money is moved by people who did not decide about it."""
    if any(role.name == "service" for role in caller.roles):
        raise ServiceIsNoEye
    if caller.sub in grant.decided_by:
        raise DeciderMayNotPay
    grant.require_other(caller)
