"""How a grant is proven: the proof falls due, comes, is queried, accepted and reopened (Verwendungsnachweisprüfung)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import UNDER_WAY, Grant, GrantStatus
from services.funds.domain.proof import GoalResult, Outcome, Proof
from services.funds.domain.receipt import Receipt, check_receipts
from services.funds.domain.refusals.grant import ClaimsUndecided, NotStartedYet, PaymentInFlight
from services.funds.domain.refusals.proof import (
    AcceptedAboveCosts,
    AcceptedAboveReceipts,
    AnswerDayPassed,
    AnswerDayTooLate,
    GoalsNotAnswered,
    PaidOnAcceptance,
    ReasonMissing,
    RefundHasCome,
)

MOST_DAYS_TO_ANSWER = 365


def falls_due(grant: Grant) -> Grant:
    """The last day of the project has passed."""
    if grant.status in (GrantStatus.AGREED, GrantStatus.RUNNING):
        return replace(grant, status=GrantStatus.PROOF_DUE)
    return grant


def falls_overdue(grant: Grant) -> Grant:
    """The due day has passed without a proof, or without an answer to a query."""
    if grant.status in (*UNDER_WAY, GrantStatus.PROOF_QUERIED):
        return replace(grant, status=GrantStatus.OVERDUE)
    return grant


def is_overdue(grant: Grant, at: datetime) -> bool:
    """Whether the proof is missing after its day, whether a timer has said so or not."""
    if grant.status is GrantStatus.OVERDUE:
        return True
    waits = grant.status in (*UNDER_WAY, GrantStatus.PROOF_QUERIED)
    return waits and grant.proof_due_on is not None and at >= end_of_day(grant.proof_due_on)


def submit(
    grant: Grant,
    report: str,
    results: Sequence[tuple[Outcome, str]],
    total_costs_cents: int,
    receipts: tuple[Receipt, ...],
    by: str,
    at: datetime,
) -> Grant:
    """`results` answers the goals in their order; a late proof is taken, and marked."""
    grant.require(*UNDER_WAY, GrantStatus.PROOF_QUERIED, GrantStatus.OVERDUE)
    if berlin_day(at) < grant.starts_on:
        raise NotStartedYet
    if len(results) != len(grant.goals):
        raise GoalsNotAnswered(len(grant.goals))
    check_receipts(receipts, grant.decided_on, berlin_day(at))
    before = grant.proof
    proof = Proof(
        report=report,
        results=tuple(GoalResult(goal, *told) for goal, told in zip(grant.goals, results, strict=True)),
        total_costs_cents=total_costs_cents,
        receipts=receipts,
        submitted_by=by,
        submitted_at=at,
        is_late=is_overdue(grant, at),
        query=before.query if before else "",
        queried_by=before.queried_by if before else "",
        answer_by=before.answer_by if before else None,
        reopened_reason=before.reopened_reason if before else "",
        reopened_by=before.reopened_by if before else "",
        reopened_at=before.reopened_at if before else None,
    )
    return replace(grant, status=GrantStatus.PROOF_SUBMITTED, proof=proof)


def query(grant: Grant, question: str, answer_by: date, by: str, at: datetime) -> Grant:
    """Ask back; the proof is due again on `answer_by`."""
    proof = _submitted(grant)
    if answer_by < berlin_day(at):
        raise AnswerDayPassed(berlin_day(at).isoformat())
    if answer_by > (latest := berlin_day(at) + timedelta(days=MOST_DAYS_TO_ANSWER)):
        raise AnswerDayTooLate(latest.isoformat())
    asked = replace(proof, query=question, queried_by=by, answer_by=answer_by)
    return replace(grant, status=GrantStatus.PROOF_QUERIED, proof=asked, proof_due_on=answer_by)


def accept(grant: Grant, accepted_cents: int, reason: str, by: str, at: datetime) -> Grant:
    """From now on the proof's costs and their lump sum are what counts: what was paid beyond them is owed back."""
    proof = _submitted(grant)
    if grant.open_claims:
        raise ClaimsUndecided(grant.open_claims)
    if grant.in_flight_cents:
        raise PaymentInFlight(grant.in_flight_cents)
    most = proof.total_costs_cents + grant.lump_sum_cents(proof.total_costs_cents)
    if accepted_cents > most:
        raise AcceptedAboveCosts(most)
    if grant.receipts_only and accepted_cents > (shown := _shown_cents(grant, proof)):
        raise AcceptedAboveReceipts(shown)
    if accepted_cents < proof.total_costs_cents and not reason.strip():
        raise ReasonMissing
    accepted = replace(proof, accepted_cents=accepted_cents, accepted_by=by, accepted_at=at, reason=reason)
    proven = replace(grant, status=GrantStatus.PROOF_ACCEPTED, proof=accepted, accepted_cents=accepted_cents)
    return claim_back(proven, max(0, grant.paid_cents - accepted_cents), at)


def reopen(grant: Grant, claims_cents: int, reason: str, by: str, at: datetime) -> Grant:
    """Take a wrong acceptance back: nothing of it is owed, and the proof is looked at anew (Rücknahme der Anerkennung).

    `claims_cents` is what claims were accepted for, which counts again. What was paid stays paid, so that where costs are
    reimbursed no acceptance is taken back that a payment rests on. The caller withdraws the claim of the refund.
    """
    grant.require(GrantStatus.PROOF_ACCEPTED)
    assert grant.proof is not None, "a grant gets this status with its proof"
    if grant.in_flight_cents:
        raise PaymentInFlight(grant.in_flight_cents)
    if grant.refunded_cents:
        raise RefundHasCome(grant.refunded_cents)
    if grant.payout is Payout.REIMBURSEMENT and grant.paid_cents > claims_cents:
        raise PaidOnAcceptance(grant.paid_cents, claims_cents)
    proof = replace(
        grant.proof,
        accepted_cents=0,
        accepted_by="",
        accepted_at=None,
        reason="",
        reopened_reason=reason,
        reopened_by=by,
        reopened_at=at,
    )
    submitted = replace(grant, status=GrantStatus.PROOF_SUBMITTED, proof=proof, accepted_cents=claims_cents)
    return claim_back(submitted, 0, at)


def claim_back(grant: Grant, amount_cents: int, at: datetime) -> Grant:
    """So much is owed back, by the day that the rules of the award give (Rückforderung)."""
    due_on = berlin_day(at) + timedelta(days=grant.refund_due_days) if amount_cents else None
    return replace(grant, refund_claimed_cents=amount_cents, refund_due_on=due_on)


def _shown_cents(grant: Grant, proof: Proof) -> int:
    """What receipts show with the lump sum on top: those of accepted claims, which have theirs, and those of the proof."""
    own = sum(receipt.amount_cents for receipt in proof.receipts)
    return grant.accepted_cents + own + grant.lump_sum_cents(own)


def _submitted(grant: Grant) -> Proof:
    grant.require(GrantStatus.PROOF_SUBMITTED)
    assert grant.proof is not None, "a grant gets this status with its proof"
    return grant.proof
