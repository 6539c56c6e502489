"""The whole way of one application's money: asked for, voted on, agreed, proven, paid by two, settled, verified."""

from datetime import timedelta
from typing import Any

from chassis.ports import Role, berlin_day, end_of_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, REGION
from tests.support.funds_grant import IBAN, a_receipt_line, an_award, order, pay, submit_claim
from tests.support.funds_round import a_call


async def test_what_a_jury_awards_is_paid_by_others_against_receipts_and_the_rest_returns(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "no", "yes", cents=60_000)
    decided = next(i for i in (await call.conclude(application)).agenda if i.application_id == application.id)
    grant = await of_office(funds, "GrantService/GetGrant", grant_id=decided.grant_id)
    assert (grant.requested_cents, grant.approved_cents) == (80_000, 60_000)
    assert set(call.subs[:4]) <= set(grant.decided_by)

    agreement = {"agreement_number": "L-7", "payee_name": "Anna Beispiel", "iban": IBAN}
    await of_office(funds, "GrantService/AgreeGrant", grant_id=grant.id, **agreement)
    mine = an_award(id=grant.id, applicant_sub="anna")
    with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
        await order(funds, mine, 10_000, sub=call.subs[0])
    today = berlin_day(await funds.now())
    with refused("PROJECT_NOT_STARTED", "FAILED_PRECONDITION"):
        await submit_claim(funds, mine, a_receipt_line(today, 45_000))
    await funds.move_clock(end_of_day(berlin_day(await funds.now()) + timedelta(days=61)))
    claim = await submit_claim(funds, mine, a_receipt_line(today + timedelta(days=60), 45_000))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    await pay(funds, mine, 45_000)

    result = {"outcome": "OUTCOME_REACHED", "result": "Vierzig Nachbarn waren da."}
    proof = {"grant_id": grant.id, "report": "Ein gutes Fest.", "results": [result], "total_costs_cents": 45_000}
    await funds.call("ProofService/SubmitProof", proof, Role("applicant"), sub="anna")
    await of_office(funds, "ProofService/AcceptProof", grant_id=grant.id, accepted_cents=45_000)
    settled = await of_office(funds, "GrantService/SettleGrant", grant_id=grant.id)
    assert (settled.paid_cents, settled.returned_cents) == (45_000, 15_000)

    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": grant.budget_id})).budget
    assert (budget.available_cents, budget.committed_cents, budget.paid_cents) == (1_255_000, 0, 45_000)
    assert (await funds.call("LedgerService/VerifyLedger", {"region": REGION}, AUDITOR)).correct
    person = await funds.call("ContactService/ResolveContact", {"person_ref": grant.contact_ref}, Role("service"))
    assert person.name == "Anna Beispiel"
    public = (await funds.call("GrantService/GetGrant", {"grant_id": grant.id})).grant
    assert (public.title, public.contact_ref) == ("Projekt einer Privatperson", "")


async def of_office(funds: Started, rpc: str, **request: Any) -> Any:
    return (await funds.call(rpc, request, OFFICE, sub="office")).grant
