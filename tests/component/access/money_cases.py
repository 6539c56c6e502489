"""How each rpc that moves or shows money is called: titles, funds, budgets, grants and their payments."""

from typing import Any

from chassis.ports import new_id
from tests.support.access import OWNER, Case, case
from tests.support.funds import RULES
from tests.support.funds_grant import IBAN, a_receipt_line

NO_PARTY = ("NOT_YOUR_GRANT",)


def money(pot: Any, day: str) -> dict[str, Case]:
    budget, fund = {"budget_id": pot.budget_id}, {"fund_id": pot.fund_id}
    move = case(budget | {"amount_cents": 100, "reason": "as resolved"})
    plan = fund | {"title_id": pot.title_id, "year": pot.year}
    title = {"region": "11", "chapter": "3320", "number": "123", "name": "Zuschüsse"}
    new_fund = {"region": "11", "kind": "FUND_KIND_KIEZFONDS", "name": "Kiezfonds", "office_actor_id": new_id()}
    draws = {f"BudgetService/{what}Budget": move for what in ("Release", "Raise", "Cut", "Freeze", "Unfreeze")}
    return draws | {
        "TitleService/PlanTitle": case(title | {"years": [{"year": 2031, "total_cents": 1}]}, region="11"),
        "TitleService/ReviseTitle": case(
            {
                "title_id": pot.title_id,
                "year": pot.year,
                "total_cents": 16_900_000,
                "reference": {"kind": "REFERENCE_KIND_RESOLUTION", "number": "DS/1200/IX"},
            },
            region="11",
        ),
        "TitleService/GetTitle": case({"title_id": pot.title_id}),
        "TitleService/ListTitles": case({"region": "114009"}),
        "FundService/CreateFund": case(new_fund | {"rules": RULES}, region="11"),
        "FundService/ChangeFundRules": case(fund | {"rules": RULES, "reason": "as resolved"}, region="11"),
        "FundService/GetFund": case(fund),
        "FundService/ListFunds": case({"region": "114009"}),
        "BudgetService/PlanBudget": case(plan | {"region": "114009", "planned_cents": 1}),
        "BudgetService/PlanBudgets": case(plan | {"total_cents": 9, "shares": [{"region": "114009", "weight": 1}]}),
        "BudgetService/CloseBudget": case(budget),
        "BudgetService/GetBudget": case(budget),
        "BudgetService/ListBudgets": case({"region": "114009"}),
        "LedgerService/ListPostings": case(budget),
        "LedgerService/ReversePosting": case(budget | {"number": 1, "reason": "ein Irrtum"}),
        "LedgerService/VerifyLedger": case({"region": "114009"}),
        "FundService/ListRuleSets": case({}),
        "FundService/ListRulesVersions": case(fund),
        "StatementService/GetBudgetBalance": case(budget),
        "StatementService/GetTitleBalance": case({"title_id": pot.title_id}),
        "StatementService/GetBudgetStatement": case(budget),
        "StatementService/GetTitleStatement": case({"title_id": pot.title_id}),
        "YearEndService/ListOpenGrants": case(budget),
        "YearEndService/CloseYear": case({"year": 2026, "region": "114009"}),
    }


def grants(grant: Any, actor: str, claim_id: str, payment_id: str, day: str) -> dict[str, Case]:
    party: dict[str, Any] = {"owner": OWNER, "actor": actor, "refusals": NO_PARTY}
    one, claim, payment = {"grant_id": grant.id}, {"claim_id": claim_id}, {"payment_id": payment_id}
    payee, reason = {"payee_name": "Kiezgarten e. V.", "iban": IBAN}, {"reason": "so beschlossen"}
    return {
        "GrantService/GetGrant": case(one, **party),
        "GrantService/ListGrants": case({"region": "114009"}, **party),
        "GrantService/AgreeGrant": case(one | payee | {"agreement_number": "L-01"}),
        "GrantService/ChangePayee": case(one | payee | reason),
        "GrantService/SettleGrant": case(one),
        "GrantService/CancelGrant": case(one | reason),
        "GrantService/RevokeGrant": case(one | reason),
        "GrantService/ReceiveRefund": case(one | {"amount_cents": 1, "received_on": day}),
        "GrantService/CorrectRefund": case(one | reason | {"amount_cents": 1}),
        "StatementService/GetGrantStatement": case(one, **party),
        "YearEndService/CarryGrant": case(one | reason),
        "YearEndService/ContinueGrant": case(one | reason),
        "ClaimService/GetClaim": case(claim, **party),
        "ClaimService/ListClaims": case(one, **party),
        "ClaimService/SubmitClaim": case(one | {"receipts": [a_receipt_line(grant.decided_on)]}, **party),
        "ClaimService/AcceptClaim": case(claim),
        "ClaimService/RefuseClaim": case(claim | reason),
        "PaymentService/GetPayment": case(payment, **party),
        "PaymentService/ListPayments": case(one, **party),
        "PaymentService/OrderPayment": case(one | {"amount_cents": 100}),
        "PaymentService/ReleasePayment": case(payment),
        "PaymentService/MarkPaymentPaid": case(payment | {"paid_on": day}),
        "PaymentService/MarkPaymentFailed": case(payment | reason),
        "PaymentService/ReturnPayment": case(payment | reason | {"returned_on": day}),
        "ProofService/SubmitProof": case(one | {"report": "Gut."}, **party),
        "ProofService/QueryProof": case(one | {"question": "Wo?", "answer_by": day}),
        "ProofService/AcceptProof": case(one),
        "ProofService/ReopenProof": case(one | reason),
        "ContactService/ResolveContact": case({"person_ref": "0" * 32}),
    }


def payment_files(payer: dict[str, Any], file_id: str) -> dict[str, Case]:
    one = {"payment_file_id": file_id}
    return {
        "PaymentFileService/ExportPayments": case(payer),
        "PaymentFileService/GetPaymentFile": case(one),
        "PaymentFileService/ListPaymentFiles": case({"region": "114009"}),
        "PaymentFileService/FetchPaymentFile": case(one | {"format": "PAYMENT_FILE_FORMAT_CSV"}),
    }
