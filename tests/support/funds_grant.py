"""Builders for grants: one of 500 € for an association of Neu-Lichtenberg, at any point of its life."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from chassis.ports import Caller, Role, berlin_day, new_id
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.repositories import Repositories
from services.funds.domain import proving
from services.funds.domain.claim import Claim
from services.funds.domain.facts import GrantAwarded
from services.funds.domain.fund_rules import DecisionBody, FundRules, Payout
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.payee import Payee
from services.funds.domain.payment import Payment
from services.funds.domain.proof import Outcome
from services.funds.domain.receipt import Receipt
from services.funds.usecases.booking import book, stamp
from tests.support.city import Started
from tests.support.funds import OFFICE, Pot, a_pot

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
    "starts_on": STARTS_ON,
    "ends_on": ENDS_ON,
    "decided_by": ("member-1", "member-2"),
    "decided_on": DECIDED_ON,
}
# The rules of the fund that an award freezes.
RULES: dict[str, Any] = {
    "payout": Payout.REIMBURSEMENT,
    "proof_due_days": 28,
    "proof_reminder_days": (),
    "lump_sum_percent": 0,
    "refund_due_days": 28,
    "four_eyes": True,
}
AN_ID_EACH = ("id", "fund_id", "budget_id", "application_id", "session_id", "recipient_actor_id")


def an_award(**fields: Any) -> Grant:
    frozen = RULES | {name: fields.pop(name) for name in tuple(fields) if name in RULES}
    rules = FundRules(DecisionBody.OFFICE, **frozen)
    return Grant.award(**({name: new_id() for name in AN_ID_EACH} | AWARD | {"rules": rules} | fields))


def a_grant(status: GrantStatus = GrantStatus.RUNNING, **fields: Any) -> Grant:
    """A grant in this status, agreed in February; what a proof says is in it from the proof on."""
    award = {name: fields.pop(name) for name in tuple(fields) if name in AWARD | RULES or name in AN_ID_EACH}
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


TREASURER = Role("treasurer", regions=("11",))
APPLICANT = Role("applicant")


async def award(funds: Started, pot: Pot | None = None, *, queues: bool = True, **fields: Any) -> Grant:
    """A grant of 500 € in a running service, from a pot of its own or this one: from today on for 30 days.

    Without `queues` nothing but the store stands between it and another at the same moment.
    """
    today = berlin_day(await funds.now())
    pot = pot or await a_pot(funds)
    days = {"year": pot.year, "starts_on": today, "ends_on": today + timedelta(days=30), "decided_on": today}
    grant = an_award(**(days | {"fund_id": pot.fund_id, "budget_id": pot.budget_id} | fields))
    store = funds.running.service.store
    kept = Repositories(store, str)

    async def work(tx: StoreTransaction) -> Grant:
        budget = await kept.budgets.get(grant.budget_id, tx)
        committed = budget.commit(grant.approved_cents, grant.id, stamp(tx, budget, "chair"))
        await book(tx, kept.budgets, kept.ledger, *committed)
        return await kept.grants.add(tx, grant, GrantAwarded(grant))

    return await store.transact(work, locks=[grant.budget_id] if queues else [])


async def agreed(funds: Started, pot: Pot | None = None, **fields: Any) -> Grant:
    """The same with its agreement; the project runs."""
    grant = await award(funds, pot, **fields)
    request = {"grant_id": grant.id, "agreement_number": "L-01", "payee_name": "Kiezgarten e. V.", "iban": IBAN}
    await funds.call("GrantService/AgreeGrant", request, OFFICE, sub="office")
    return grant


def a_receipt_line(day: date, amount_cents: int = 10_000, **fields: Any) -> dict[str, Any]:
    return {
        "number": new_id(),
        "issued_on": day.isoformat(),
        "amount_cents": amount_cents,
        "supplier": "Baumarkt am Tierpark",
        "file_sha256": f"{uuid4().hex}{uuid4().hex}",
    } | fields


async def submit_claim(funds: Started, grant: Grant, *receipts: dict[str, Any]) -> Any:
    request = {"grant_id": grant.id, "receipts": list(receipts)}
    return (await funds.call("ClaimService/SubmitClaim", request, APPLICANT, sub=grant.applicant_sub)).claim


async def order(funds: Started, grant: Grant, cents: int, sub: str = "clerk", **fields: Any) -> Any:
    request = {"grant_id": grant.id, "amount_cents": cents} | fields
    return (await funds.call("PaymentService/OrderPayment", request, TREASURER, sub=sub)).payment


async def pay(funds: Started, grant: Grant, cents: int) -> Any:
    """Order, release and pay."""
    payment = await order(funds, grant, cents)
    await funds.call("PaymentService/ReleasePayment", {"payment_id": payment.id}, TREASURER, sub="treasurer")
    done = {"payment_id": payment.id, "paid_on": berlin_day(await funds.now()).isoformat()}
    return (await funds.call("PaymentService/MarkPaymentPaid", done, TREASURER, sub="treasurer")).payment


async def prove(funds: Started, grant: Grant, costs: int, counts: int) -> Any:
    """Hand in a proof and accept it."""
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant.id, "report": "Gut.", "results": [result, result], "total_costs_cents": costs}
    await funds.call("ProofService/SubmitProof", proof, APPLICANT, sub=grant.applicant_sub)
    accept = {"grant_id": grant.id, "accepted_cents": counts, "reason": "nicht alles zählt"}
    return (await funds.call("ProofService/AcceptProof", accept, OFFICE, sub="office")).grant


async def get_grant(funds: Started, grant: Grant, *roles: Role, sub: str = "") -> Any:
    return (await funds.call("GrantService/GetGrant", {"grant_id": grant.id}, *roles, sub=sub)).grant


async def get_budget(funds: Started, grant: Grant) -> Any:
    return (await funds.call("BudgetService/GetBudget", {"budget_id": grant.budget_id})).budget
