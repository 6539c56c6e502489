"""A grant: money that was awarded to one application, from the award until the last cent is proven (Zuwendung)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.ports import Caller, berlin_day
from services.funds.domain.fund_rules import FundRules, Payout
from services.funds.domain.grant_public import HIDDEN
from services.funds.domain.payee import Payee
from services.funds.domain.proof import Proof
from services.funds.domain.refusals.grant import (
    ApprovedAboveRequested,
    ApprovedNothing,
    GrantNotIn,
    OwnGrant,
    PaymentInFlight,
)
from services.funds.domain.year_share import YearShare

ANONYMOUS, ANONYMOUS_TITLE = "Privatperson", "Projekt einer Privatperson"


class GrantStatus(StrEnum):
    AWARDED = "awarded"
    AGREED = "agreed"
    RUNNING = "running"
    PROOF_DUE = "proof_due"
    PROOF_SUBMITTED = "proof_submitted"
    PROOF_QUERIED = "proof_queried"
    PROOF_ACCEPTED = "proof_accepted"
    OVERDUE = "overdue"
    SETTLED = "settled"
    REVOKED = "revoked"
    CANCELLED = "cancelled"


OVER = (GrantStatus.SETTLED, GrantStatus.REVOKED, GrantStatus.CANCELLED)
# A timer may be late: what the calendar allows is allowed in the status before it, too.
UNDER_WAY = (GrantStatus.AGREED, GrantStatus.RUNNING, GrantStatus.PROOF_DUE)


@dataclass(frozen=True, slots=True)
class Grant:
    """`title`, `recipient_name` and `recipient_actor_id` are safe to publish: of a private person they say nothing.

    `in_flight_cents` is ordered and not yet paid; `accepted_cents` are the costs accepted with claims, from the proof's
    acceptance on those of the proof, lump sum included; `paid_cents` is lessened by what a bank sends back, never by a
    refund; `returned_cents` went back to the pot. `year` is that of the award, `budget_id` where the money stands now.
    """

    id: str
    region: str
    year: int
    fund_id: str
    fund_name: str
    budget_id: str
    application_id: str
    session_id: str
    title: str
    goals: tuple[str, ...]
    recipient_actor_id: str
    recipient_name: str
    is_private_person: bool
    applicant_sub: str
    contact_ref: str
    requested_cents: int
    approved_cents: int
    conditions: tuple[str, ...]
    payout: Payout
    proof_due_days: int
    starts_on: date
    ends_on: date
    decided_by: tuple[str, ...]
    decided_on: date
    status: GrantStatus = GrantStatus.AWARDED
    agreement_number: str = ""
    agreed_by: str = ""
    agreed_at: datetime | None = None
    payee: Payee | None = None
    proof_due_on: date | None = None
    proof: Proof | None = None
    open_claims: int = 0
    accepted_cents: int = 0
    in_flight_cents: int = 0
    paid_cents: int = 0
    refund_claimed_cents: int = 0
    refunded_cents: int = 0
    returned_cents: int = 0
    closed_by: str = ""
    closed_at: datetime | None = None
    closed_reason: str = ""
    four_eyes: bool = True
    proof_reminder_days: tuple[int, ...] = ()
    lump_sum_percent: int = 0
    refund_due_days: int = 28
    refund_due_on: date | None = None
    receipts_only: bool = False
    later_shares: tuple[YearShare, ...] = ()
    version: int = 0

    @classmethod
    def award(
        cls,
        *,
        id: str,
        region: str,
        year: int,
        fund_id: str,
        fund_name: str,
        budget_id: str,
        application_id: str,
        session_id: str,
        title: str,
        goals: tuple[str, ...],
        recipient_actor_id: str,
        recipient_name: str,
        applicant_sub: str,
        contact_ref: str,
        requested_cents: int,
        approved_cents: int,
        conditions: tuple[str, ...],
        rules: FundRules,
        starts_on: date,
        ends_on: date,
        decided_by: tuple[str, ...],
        decided_on: date,
    ) -> "Grant":
        """Bind a decision. A private person is one without `recipient_actor_id`: name and title are then not taken over.

        `decided_by` are the subs of everyone who voted or decided: none of them may pay. `session_id` is empty where an
        office decides. The caller commits `approved_cents` in the budget in the same transaction.
        """
        if approved_cents <= 0:
            raise ApprovedNothing
        if approved_cents > requested_cents:
            raise ApprovedAboveRequested(approved_cents, requested_cents)
        is_private = not recipient_actor_id
        return cls(
            id=id,
            region=region,
            year=year,
            fund_id=fund_id,
            fund_name=fund_name,
            budget_id=budget_id,
            application_id=application_id,
            session_id=session_id,
            title=ANONYMOUS_TITLE if is_private else title,
            goals=goals,
            recipient_actor_id=recipient_actor_id,
            recipient_name=ANONYMOUS if is_private else recipient_name,
            is_private_person=is_private,
            applicant_sub=applicant_sub,
            contact_ref=contact_ref,
            requested_cents=requested_cents,
            approved_cents=approved_cents,
            conditions=conditions,
            payout=rules.payout,
            proof_due_days=rules.proof_due_days,
            proof_reminder_days=rules.proof_reminder_days,
            lump_sum_percent=rules.lump_sum_percent,
            refund_due_days=rules.refund_due_days,
            four_eyes=rules.four_eyes,
            starts_on=starts_on,
            ends_on=ends_on,
            decided_by=decided_by,
            decided_on=decided_on,
        )

    def agree(self, number: str, payee: Payee, by: str, at: datetime) -> "Grant":
        """Issue the agreement (Zuwendungsbescheid, Vereinbarung); a project whose first day has come runs at once."""
        self.require(GrantStatus.AWARDED)
        return replace(
            self,
            status=GrantStatus.RUNNING if berlin_day(at) >= self.starts_on else GrantStatus.AGREED,
            agreement_number=number,
            agreed_by=by,
            agreed_at=at,
            payee=payee,
            proof_due_on=self.ends_on + timedelta(days=self.proof_due_days),
        )

    def change_payee(self, payee: Payee) -> "Grant":
        """Later payments go there; never while one is under way, for two people have looked at that account."""
        self.require(*(status for status in GrantStatus if status not in (*OVER, GrantStatus.AWARDED)))
        if self.in_flight_cents:
            raise PaymentInFlight(self.in_flight_cents)
        return replace(self, payee=payee)

    def start(self) -> "Grant":
        """The first day of the project has come."""
        return replace(self, status=GrantStatus.RUNNING) if self.status is GrantStatus.AGREED else self

    def require(self, *allowed: GrantStatus) -> None:
        """Refuse what this status does not allow."""
        if self.status not in allowed:
            raise GrantNotIn(self.status, allowed)

    def is_of(self, caller: Caller) -> bool:
        """Whether the caller is the recipient, or bound to it; a role that names no actor reaches nobody's grant here."""
        if not caller.is_public and caller.sub == self.applicant_sub:
            return True
        if not self.recipient_actor_id:
            return False
        roles = (role for role in caller.roles if role.name in ("applicant", "partner"))
        return any(self.recipient_actor_id in role.actors for role in roles)

    def require_other(self, caller: Caller) -> None:
        """Refuse the recipient: nobody accepts their own costs, and nobody pays themselves."""
        if self.is_of(caller):
            raise OwnGrant

    def lump_sum_cents(self, proven_cents: int) -> int:
        """What counts on top of proven costs without a receipt (Pauschale), rounded down."""
        return proven_cents * self.lump_sum_percent // 100

    @property
    def payable_cents(self) -> int:
        """What may still be ordered: never above the award, nor above accepted costs once those are what counts."""
        proven = self.payout is Payout.REIMBURSEMENT or self.status is GrantStatus.PROOF_ACCEPTED
        committed = self.approved_cents - self.returned_cents
        limit = min(committed, self.accepted_cents) if proven else committed
        return max(0, limit - self.paid_cents - self.in_flight_cents)

    @property
    def refund_due_cents(self) -> int:
        """Claimed back and not received yet."""
        return self.refund_claimed_cents - self.refunded_cents

    @property
    def proof_reminders_on(self) -> tuple[date, ...]:
        """When the recipient is to be reminded of the proof, by the rules of the award."""
        due = self.proof_due_on
        return tuple(due + timedelta(days=days) for days in sorted(self.proof_reminder_days)) if due else ()

    @property
    def public_status(self) -> GrantStatus:
        """What anyone may know: awarded, running, settled or cancelled. How the proof goes is the recipient's affair."""
        if self.status is GrantStatus.REVOKED:
            return GrantStatus.CANCELLED
        return self.status if self.status in (GrantStatus.AWARDED, *OVER) else GrantStatus.RUNNING

    def public(self) -> "Grant":
        """The projection for everyone: nothing of the contact, the payee, the proof, the deciders or a reason."""
        goals = () if self.is_private_person else self.goals
        return replace(self, status=self.public_status, goals=goals, **HIDDEN)

    def masked(self) -> "Grant":
        """The whole file without the account number, for whoever neither pays nor is paid."""
        return replace(self, payee=self.payee.masked() if self.payee else None)
