"""A service dies behind every single write of a grant's life, the turn of its year included: each command is done once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.ports import berlin_day
from tests.support.city import City
from tests.support.funds import AUDITOR, OFFICE, RULES, a_pot
from tests.support.funds_grant import APPLICANT, IBAN, TREASURER, a_receipt_line
from tests.support.funds_round import BY_OFFICE, a_call
from tests.support.funds_years import carry, close_year, two_years
from tests.support.mortal import SPARED, WRITES, Mortal, a_mortal, said_once

pytestmark = pytest.mark.timeout(240)


async def test_whatever_write_it_dies_behind_each_command_is_done_once(city: City) -> None:
    async with a_mortal(city) as funds:
        there: Any = funds
        pot = await a_pot(there, **BY_OFFICE)
        grant, days = await _awarded(there, pot)
        await _paid_and_proven(funds, grant, days)
        budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
        assert not proof.differences
        assert (budget.committed_cents, budget.paid_cents, budget.available_cents) == (0, 30_000, 1_270_000)
        postings = (await funds.call("LedgerService/ListPostings", {"budget_id": pot.budget_id}, OFFICE)).postings
        assert [posting.number for posting in postings] == list(range(1, len(postings) + 1))
        kinds = Counter(
            type(posting).Kind.Name(posting.kind) if hasattr(type(posting), "Kind") else posting.kind
            for posting in postings
        )
        assert max(kinds.values()) == 1, kinds
        # A command reads, writes and commits.
        assert min(funds.deaths.values()) > 2, funds.deaths
        assert len(funds.deaths) > 12, funds.deaths
    await said_once(city, pot.budget_id, grant)


async def test_whatever_write_it_dies_behind_a_year_ends_once(city: City) -> None:
    async with a_mortal(city, spared=SPARED, behind=WRITES) as funds:
        there: Any = funds
        old, new = await two_years(there, rule_set="", kind="FUND_KIND_FEIN", rules=RULES | BY_OFFICE)
        grant, _ = await _awarded(there, old)
        await carry(there, grant)
        await close_year(there, old)
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
        assert not proof.differences
        budgets = [
            (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget for pot in (old, new)
        ]
        assert [(budget.committed_cents, budget.available_cents) for budget in budgets] == [(0, 0), (40_000, 1_000_000)]
    await said_once(city, old.budget_id, new.budget_id, grant)


async def _awarded(funds: Any, pot: Any) -> tuple[str, tuple[date, date]]:
    call = await a_call(funds, pot=pot, seats=0)
    application = await call.apply(40_000)
    await call.check("AdmitApplication", application)
    await call.end()
    award = {"application_id": application.id, "budget_id": pot.budget_id, "amount_cents": 40_000}
    awarded = await funds.call("ApplicationService/AwardApplication", award, OFFICE, sub="office")
    form = application.form
    return str(awarded.application.grant_id), (date.fromisoformat(form.starts_on), date.fromisoformat(form.ends_on))


async def _paid_and_proven(funds: Mortal, grant: str, days: tuple[date, date]) -> None:
    agree = {"grant_id": grant, "agreement_number": "L-01", "payee_name": "Anna Beispiel", "iban": IBAN}
    await funds.call("GrantService/AgreeGrant", agree, OFFICE, sub="office")
    await funds.move_clock(datetime.combine(days[1] + timedelta(days=2), datetime.min.time(), UTC))
    claim = {"grant_id": grant, "receipts": [a_receipt_line(days[0], 30_000)]}
    claimed = (await funds.call("ClaimService/SubmitClaim", claim, APPLICANT, sub="anna")).claim
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claimed.id}, OFFICE, sub="office")
    order = {"grant_id": grant, "amount_cents": 30_000}
    payment = (await funds.call("PaymentService/OrderPayment", order, TREASURER, sub="clerk")).payment
    await funds.call("PaymentService/ReleasePayment", {"payment_id": payment.id}, TREASURER, sub="treasurer")
    done = {"payment_id": payment.id, "paid_on": berlin_day(await funds.now()).isoformat()}
    await funds.call("PaymentService/MarkPaymentPaid", done, TREASURER, sub="treasurer")
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant, "report": "Gut.", "results": [result], "total_costs_cents": 30_000}
    await funds.call("ProofService/SubmitProof", proof, APPLICANT, sub="anna")
    await funds.call("ProofService/AcceptProof", {"grant_id": grant, "accepted_cents": 30_000}, OFFICE, sub="office")
    await funds.call("GrantService/SettleGrant", {"grant_id": grant}, OFFICE, sub="office")
