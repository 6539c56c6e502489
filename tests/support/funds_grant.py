"""Builders for grants: one of 500 € for an association of Neu-Lichtenberg, at any point of its life."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chassis.ports import Caller, Role, new_id
from services.funds.domain import proving
from services.funds.domain.claim import Claim
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.payment import Payment
from services.funds.domain.proof import Outcome
from services.funds.domain.receipt import Receipt

IBAN = "DE89370400440532013000"
DECIDED_ON = date(2027, 2, 10)
STARTS_ON = date(2027, 4, 1)
ENDS_ON = date(2027, 6, 30)
FEBRUARY = datetime(2027, 2, 20, 9, tzinfo=UTC)
MAY = datetime(2027, 5, 3, 9, tzinfo=UTC)
JULY = datetime(2027, 7, 5, 9, tzinfo=UTC)
AUTUMN = datetime(2027, 10, 1, 9, tzinfo=UTC)
AWARD: dict[str, Any] = {
    "region": "114009",
    "year": 2027,
    "fund_name": "Kiezfonds Lichtenberg",
    "title": "Hochbeete am Nachbarschaftshaus",
    "goals": ("Zehn Hochbeete stehen", "Ein Fest zum Abschluss"),
    "recipient_name": "Kiezgarten e. V.",
    "applicant_sub": "applicant",
    "contact_ref": "0" * 32,
    "requested_cents": 60_000,
    "approved_cents": 50_000,
    "conditions": (),
    "payout": Payout.REIMBURSEMENT,
    "proof_due_days": 28,
    "starts_on": STARTS_ON,
    "ends_on": ENDS_ON,
    "decided_by": ("member-1", "member-2"),
    "decided_on": DECIDED_ON,
}
AN_ID_EACH = ("id", "fund_id", "budget_id", "application_id", "session_id", "recipient_actor_id")


def an_award(**fields: Any) -> Grant:
    return Grant.award(**({name: new_id() for name in AN_ID_EACH} | AWARD | fields))


def a_grant(status: GrantStatus = GrantStatus.RUNNING, **fields: Any) -> Grant:
    """A grant in this status, agreed in February; what a proof says is in it from the proof on."""
    award = {name: fields.pop(name) for name in tuple(fields) if name in AWARD or name in AN_ID_EACH}
    grant = an_award(**award)
    if status is GrantStatus.AWARDED:
        return replace(grant, **fields)
    agreed = grant.agree("L-2027-01", Payee.of("Kiezgarten e. V.", IBAN, "office"), "office", FEBRUARY)
    if status in (GrantStatus.PROOF_SUBMITTED, GrantStatus.PROOF_QUERIED, GrantStatus.PROOF_ACCEPTED):
        agreed = a_proven(agreed)
    return replace(agreed, **({"status": status} | fields))


def a_proven(grant: Grant, total_costs_cents: int = 50_000) -> Grant:
    """The grant with a proof handed in."""
    results = tuple((Outcome.REACHED, "Es ist geschehen.") for _ in grant.goals)
    return proving.submit(grant, "Ein guter Sommer.", results, total_costs_cents, (), "applicant", JULY)


def a_receipt(amount_cents: int = 10_000, **fields: Any) -> Receipt:
    return replace(Receipt(new_id(), date(2027, 4, 20), amount_cents, "Baumarkt am Tierpark", "ab" * 32), **fields)


def a_claim(grant: Grant, *amounts: int) -> tuple[Grant, Claim]:
    """A claim handed in, one receipt an amount."""
    return Claim.submit(grant, new_id(), tuple(a_receipt(cents) for cents in amounts), "applicant", MAY)


def with_accepted(grant: Grant, cents: int) -> Grant:
    """The grant with so many accepted costs."""
    claimed, claim = a_claim(grant, cents)
    accepted, _ = claim.accept(claimed, (), "office", MAY)
    return accepted


def a_person(sub: str, *roles: str) -> Caller:
    return Caller(sub, tuple(Role(name) for name in roles or ("treasurer",)))


def paid(grant: Grant, cents: int) -> Grant:
    """The grant after so much was ordered, released and paid."""
    ordered, payment = Payment.order(grant, new_id(), cents, a_person("clerk"), MAY)
    _, released = payment.release(ordered, a_person("treasurer"), MAY)
    done, _ = released.mark_paid(ordered, MAY.date(), a_person("treasurer"), MAY)
    return done
