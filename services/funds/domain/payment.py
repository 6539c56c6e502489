"""A payment: ordered by one person, released by another, exported, then paid, failed or sent back (Auszahlung)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.ports import Caller, berlin_day
from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.refusals.payment import (
    DeciderMayNotPay,
    FourEyes,
    NoPayee,
    PaidOnOutsidePeriod,
    PaymentExceeded,
    PaymentNotIn,
    RefundAlreadyReceived,
    ReturnedOnOutsidePeriod,
    ServiceIsNoEye,
)
from services.funds.domain.settlement import reopened

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
    EXPORTED = "exported"
    RETURNED = "returned"


IN_FLIGHT = (PaymentStatus.ORDERED, PaymentStatus.RELEASED, PaymentStatus.EXPORTED)


@dataclass(frozen=True, slots=True)
class Payment:
    """Every method answers (grant, payment). `payee` is the one of the day it was ordered: that is what is released.

    `file_id` is the one payment file that it is in; `budget_id` the budget that it was posted in once it is paid.
    `failed_reason` says why it failed or came back.
    """

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
    fund_id: str = ""
    file_id: str = ""
    exported_by: str = ""
    exported_at: datetime | None = None
    returned_on: date | None = None
    version: int = 0

    @classmethod
    def order(cls, grant: Grant, id: str, amount_cents: int, caller: Caller, at: datetime) -> Paid:
        """Reserve the amount within the grant; the money itself moves when the payment is marked as paid."""
        grant.require(*PAYING)
        require_eye(caller, grant)
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
            fund_id=grant.fund_id,
        )
        return replace(grant, in_flight_cents=grant.in_flight_cents + amount_cents), payment

    def release(self, grant: Grant, caller: Caller, at: datetime) -> Paid:
        """The second pair of eyes, where the rules of the award ask for one: neither who ordered nor who typed the account."""
        self._require(PaymentStatus.ORDERED)
        grant.require(*PAYING)
        require_eye(caller, grant)
        if grant.four_eyes and caller.sub in (self.ordered_by, self.payee.entered_by):
            raise FourEyes
        return grant, replace(self, status=PaymentStatus.RELEASED, released_by=caller.sub, released_at=at)

    def export(self, grant: Grant, file_id: str, caller: Caller, at: datetime) -> "Payment":
        """It goes to the bank in this file, and in no other one ever."""
        self._require(PaymentStatus.RELEASED)
        grant.require(*PAYING)
        require_eye(caller, grant)
        return replace(self, status=PaymentStatus.EXPORTED, file_id=file_id, exported_by=caller.sub, exported_at=at)

    def mark_paid(self, grant: Grant, paid_on: date, caller: Caller, at: datetime) -> Paid:
        """The bank has carried it out on `paid_on`; the caller posts it in the budget in the same transaction."""
        self._require(PaymentStatus.RELEASED, PaymentStatus.EXPORTED)
        require_eye(caller, grant)
        first, last = berlin_day(self.released_at or at), berlin_day(at)
        if not first <= paid_on <= last:
            raise PaidOnOutsidePeriod(first.isoformat(), last.isoformat())
        closed = replace(self, closed_by=caller.sub, closed_at=at, budget_id=grant.budget_id)
        paid = replace(closed, status=PaymentStatus.PAID, paid_on=paid_on)
        return self._landed(grant, paid_cents=grant.paid_cents + self.amount_cents), paid

    def fail(self, grant: Grant, reason: str, caller: Caller, at: datetime) -> Paid:
        """The second person turned it down, or the bank did; the amount may be ordered again."""
        self._require(*IN_FLIGHT)
        if self.status is PaymentStatus.EXPORTED:
            # Whoever says that the bank did not pay lets the amount be ordered for the second time.
            require_eye(caller, grant)
        failed = replace(self, status=PaymentStatus.FAILED, failed_reason=reason, closed_by=caller.sub, closed_at=at)
        return self._landed(grant, paid_cents=grant.paid_cents), failed

    def come_back(self, grant: Grant, returned_on: date, reason: str, caller: Caller, at: datetime) -> Paid:
        """The bank sent paid money back (Rückläufer): it is promised again; a settled grant waits for its end again.

        What was claimed back of it is claimed no more. The caller posts it in the budget in the same transaction.
        """
        self._require(PaymentStatus.PAID)
        grant.require(*PAYING, GrantStatus.OVERDUE, GrantStatus.SETTLED)
        require_eye(caller, grant)
        first, last = self.paid_on or berlin_day(at), berlin_day(at)
        if not first <= returned_on <= last:
            raise ReturnedOnOutsidePeriod(first.isoformat(), last.isoformat())
        closed = replace(self, closed_by=caller.sub, closed_at=at, failed_reason=reason)
        return self._given_back(grant), replace(closed, status=PaymentStatus.RETURNED, returned_on=returned_on)

    def masked(self) -> "Payment":
        return replace(self, payee=self.payee.masked())

    def _landed(self, grant: Grant, *, paid_cents: int) -> Grant:
        return replace(grant, in_flight_cents=grant.in_flight_cents - self.amount_cents, paid_cents=paid_cents)

    def _given_back(self, grant: Grant) -> Grant:
        owed_cents = min(self.amount_cents, grant.refund_claimed_cents)
        if owed_cents > grant.refund_due_cents:
            raise RefundAlreadyReceived(grant.refunded_cents)
        return replace(
            reopened(grant),
            paid_cents=grant.paid_cents - self.amount_cents,
            refund_claimed_cents=grant.refund_claimed_cents - owed_cents,
        )

    def _require(self, *allowed: PaymentStatus) -> None:
        if self.status not in allowed:
            raise PaymentNotIn(self.status, allowed)


def require_person(caller: Caller) -> None:
    """Refuse a service's token, whatever other roles it has: money is moved by people."""
    if any(role.name == "service" for role in caller.roles):
        raise ServiceIsNoEye


def require_eye(caller: Caller, grant: Grant) -> None:
    """Money is moved by people who did not decide about it."""
    require_person(caller)
    if caller.sub in grant.decided_by:
        raise DeciderMayNotPay
    grant.require_other(caller)
