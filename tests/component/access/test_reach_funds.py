"""funds: money and decisions of a region are for those who have a role there, for the jury's own seats, and for who applied."""

from datetime import UTC, timedelta
from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Caller, Role, berlin_day, new_id
from services.funds.entrypoints.access import ACCESS
from tests.support.access import Case, Cell, case, cells, lets_in, refuses, shows_more_inside_alone
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, RULES
from tests.support.funds_ballot import VOTES, a_voting
from tests.support.funds_grant import IBAN, TREASURER, a_receipt_line, agreed, order, submit_claim
from tests.support.funds_proposal import REFERENCE, TEXT, WHY, propose
from tests.support.funds_round import a_call, a_form, a_known_actor

PACKAGE = "kiezwerk.funds.v1"
OWNER = "anna"
NO_PARTY = ("NOT_YOUR_GRANT",)
HIDDEN = ("APPLICATION_NOT_FOUND",)


@pytest_asyncio.fixture(scope="module")
async def cases(funds: Started) -> dict[str, Case]:
    call = await a_call(funds)
    actor = await a_known_actor(funds)
    application = await call.apply(80_000, actor, OWNER)
    on_paper = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": "114009", "applicant_actor_id": actor}
    form = {"form": a_form(call.closes_at.date() + timedelta(days=60), 10_000)}
    draft = (await funds.call("ApplicationService/DraftApplication", on_paper | form, OFFICE)).application
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant = await agreed(funds, call.pot, recipient_actor_id=actor, applicant_sub=OWNER)
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    payment, exported = await order(funds, grant, 5_000), await order(funds, grant, 1_000)
    await funds.call("PaymentService/ReleasePayment", {"payment_id": exported.id}, TREASURER, sub="treasurer")
    payer = {"region": "114009", "payer_name": "Bezirksamt", "payer_iban": IBAN}
    made = await funds.call("PaymentFileService/ExportPayments", payer, TREASURER, sub="treasurer")
    day, later = today.isoformat(), (await funds.now() + timedelta(days=40)).astimezone(UTC)
    return (
        _money(call.pot, day)
        | _rounds(call, day)
        | _applications(call, actor, application.id, draft.id, day)
        | _juries(call, day)
        | _sessions(call, application.id, later)
        | _grants(grant, actor, claim.id, payment.id, day)
        | _payment_files(payer, made.payment_file.id)
        | _proposals(await propose(funds, sub=OWNER), await propose(funds), application.id)
        | await _ballots(funds, later)
    )


def _money(pot: Any, day: str) -> dict[str, Case]:
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


def _rounds(call: Any, day: str) -> dict[str, Case]:
    one = {"round_id": call.round_id}
    days = {"opens_on": day, "closes_on": day}
    return {
        "RoundService/PlanRound": case({"budget_id": call.pot.budget_id, "name": "Zweite Runde"} | days),
        "RoundService/RescheduleRound": case(one | days),
        "RoundService/ReopenRound": case(one | {"closes_on": day, "reason": "ein Irrtum"}),
        "RoundService/CancelRound": case(one | {"reason": "ein Irrtum"}),
        "RoundService/ConcludeRound": case(one),
        "RoundService/PublishRound": case(one),
        "RoundService/GetRound": case(one),
        "RoundService/ListRounds": case({"region": "114009"}),
    }


def _applications(call: Any, actor: str, application_id: str, draft_id: str, day: str) -> dict[str, Case]:
    own: dict[str, Any] = {"owner": OWNER, "actor": actor, "refusals": HIDDEN}
    one, draft, reason = {"application_id": application_id}, {"application_id": draft_id}, {"reason": "unvollständig"}
    form = {"form": a_form(call.closes_at.date() + timedelta(days=60), 10_000)}
    new = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": "114009", "applicant_actor_id": actor}
    person = {"contact_name": "Anna Beispiel", "contact_email": "anna@example.org"}
    for_actor: dict[str, Any] = {"actor": actor, "refusals": ("NOT_YOUR_ACTOR",)}
    name = "ApplicationService/{}Application".format
    return {
        name("Draft"): case(new | form, **for_actor),
        name("Revise"): case(draft | form, actor=actor, refusals=HIDDEN),
        name("Submit"): case(draft | person, actor=actor, refusals=HIDDEN),
        name("Resubmit"): case(one, **own),
        name("Withdraw"): case(one | reason, **own),
        name("Admit"): case(one),
        name("Refuse"): case(one | reason),
        name("Readmit"): case(one | reason),
        name("Award"): case(one | {"budget_id": call.pot.budget_id, "amount_cents": 100}),
        name("Decline"): case(one | reason),
        "ApplicationService/ReviseDecision": case(one | reason | {"amount_cents": 100}),
        name("Get"): case(one, **own),
        "ApplicationService/RequestInfo": case(one | reason | {"info_due_on": day}),
        "ApplicationService/ListApplications": case({"region": "114009"}),
        "ApplicationService/ListMyApplications": case({"applicant_actor_id": actor}, **for_actor),
    }


def _juries(call: Any, day: str) -> dict[str, Case]:
    one, member = {"jury_id": call.jury_id}, {"member_id": call.members[0]}
    person = {"name": "Kim Beispiel", "email": "kim@example.org", "seat": "SEAT_RESIDENT"}
    return {
        "JuryService/CreateJury": case({"fund_id": call.pot.fund_id, "region": "114009", "name": "Bürgerjury"}),
        "JuryService/SeatMember": case(one | person | {"from_on": day, "until_on": day}),
        "JuryService/UnseatMember": case(one | member | {"last_day": day, "reason": "umgezogen"}),
        "JuryService/SetAffiliations": case(one | member),
        "JuryService/GetJury": case(one),
        "JuryService/GetComposition": case(one | {"day": day}),
        "JuryService/ListJuries": case({"region": "114009"}),
    }


def _sessions(call: Any, application_id: str, later: Any) -> dict[str, Case]:
    one, member = {"session_id": call.session_id}, {"member_id": call.members[1]}
    item, reason = one | {"application_id": application_id}, {"reason": "so beschlossen"}
    when = {"starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=2)).isoformat(), "place": "Rathaus"}
    seat: dict[str, Any] = {"owner": call.subs[0], "refusals": ("ROLE_DOES_NOT_REACH", "NO_SEAT")}
    chair: dict[str, Any] = {"owner": call.subs[0], "refusals": ("NOT_THE_CHAIR",)}
    there = {"present_member_ids": list(call.members)}
    in_writing = {"starts_at": later.isoformat(), "votes_until": (later + timedelta(days=7)).date().isoformat()}
    host = {"host_name": "Kim Beispiel", "host_email": "kim@example.org"}
    plan = {"jury_id": call.jury_id, "budget_id": call.pot.budget_id, "title": "Jurysitzung"}
    return {
        "SessionService/PlanSession": case(plan | when),
        "SessionService/MoveSession": case(one | when),
        "SessionService/ScheduleApplications": case(one | {"application_ids": [application_id]}),
        "SessionService/InviteJury": case(one),
        "SessionService/OpenSession": case(one | there, **chair),
        "SessionService/RecordAttendance": case(one | there, **chair),
        "SessionService/TakeBackRecusal": case(item | member | reason, **chair),
        "SessionService/PutMotion": case(item | {"amount_cents": 100}, **chair),
        "SessionService/ResolveException": case(item | reason, **chair),
        "SessionService/CastVote": case(item | {"choice": "CHOICE_YES"}, **seat),
        "SessionService/EnterVote": case(item | member | {"choice": "CHOICE_YES"} | reason, **chair),
        "SessionService/DeclareRecusal": case(item, **seat),
        "SessionService/EnterRecusal": case(item | member | reason, **chair),
        "SessionService/ConcludeItem": case(item, **chair),
        "SessionService/DeferItem": case(item | reason, **chair),
        "SessionService/CorrectVote": case(item | member | {"choice": "CHOICE_YES"} | reason, **chair),
        "SessionService/CorrectCount": case(item | {"yes": 1} | reason, **chair),
        "SessionService/PlanWrittenProcedure": case(plan | in_writing),
        "SessionService/OpenWrittenProcedure": case(one, **chair),
        "SessionService/PlanAssembly": case(when | host | {"budget_id": call.pot.budget_id, "title": "Versammlung"}),
        "SessionService/OpenAssembly": case(one | {"attended": 9}, **chair),
        "SessionService/RecordHeadcount": case(one | {"attended": 9}, **chair),
        "SessionService/CountHands": case(item | {"yes": 1}, **chair),
        "SessionService/CloseSession": case(one, **chair),
        "SessionService/ApproveMinutes": case(one),
        "SessionService/CancelSession": case(one | reason),
        "SessionService/RecomputeSession": case(one),
        "SessionService/GetSession": case(one),
        "SessionService/ListSessions": case({"region": "114009"}),
        "DossierService/GetDossier": case(one),
        "TransparencyService/GetRegionYear": case({"region": "114009", "year": 2027}),
    }


def _grants(grant: Any, actor: str, claim_id: str, payment_id: str, day: str) -> dict[str, Case]:
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


def _payment_files(payer: dict[str, Any], file_id: str) -> dict[str, Case]:
    one = {"payment_file_id": file_id}
    return {
        "PaymentFileService/ExportPayments": case(payer),
        "PaymentFileService/GetPaymentFile": case(one),
        "PaymentFileService/ListPaymentFiles": case({"region": "114009"}),
        "PaymentFileService/FetchPaymentFile": case(one | {"format": "PAYMENT_FILE_FORMAT_CSV"}),
    }


def _proposals(proposal: Any, other: Any, application_id: str) -> dict[str, Case]:
    one = {"proposal_id": proposal.id} | WHY
    name = "ProposalService/{}".format
    on_paper = {"region": "114009", "channel": "PROPOSAL_CHANNEL_PAPER", "text": TEXT, "agrees_to_publication": True}
    own: dict[str, Any] = {"owner": OWNER}
    return {
        name("SubmitProposal"): case(on_paper),
        name("ReviewProposal"): case(one | {"text": TEXT}),
        name("RewordProposal"): case(one | {"text": TEXT}),
        name("RouteProposal"): case(one | {"way": "PROPOSAL_WAY_FEASIBLE"}),
        name("LinkApplication"): case(one | {"application_id": application_id}),
        name("PutToCouncil"): case(one),
        name("DecideProposal"): case(one | {"reference": REFERENCE, "outcome": "COUNCIL_OUTCOME_ACCEPTED"}),
        name("StartImplementation"): case(one),
        name("FinishImplementation"): case(one),
        name("RejectProposal"): case(one),
        name("ForwardProposal"): case(one | {"authority": "Senat"}),
        name("WithdrawProposal"): case(one, **own),
        name("MergeProposal"): case(one | {"into_proposal_id": other.id}),
        name("GetProposal"): case({"proposal_id": proposal.id}, **own),
        name("ListProposals"): case({"region": "114009"}, **own),
    }


async def _ballots(funds: Started, later: Any) -> dict[str, Case]:
    voting = await a_voting(funds, 100, 200, opened=False)
    one = {"ballot_id": voting.ballot_id}
    times = {"opens_at": later.isoformat(), "closes_at": (later + timedelta(days=1)).isoformat()}
    draft = {"name": "Bürgerhaushalt", "rules": VOTES} | times
    name, vote = "BallotService/{}".format, "VotingService/{}".format
    return {
        name("DraftBallot"): case(draft | {"region": "114009"}),
        name("ReviseBallot"): case(one | draft),
        name("OpenBallot"): case(one | WHY),
        name("PublishBallot"): case(one | WHY),
        name("CancelBallot"): case(one | WHY),
        name("RecomputeBallot"): case(one),
        name("GetBallot"): case(one),
        name("ListBallots"): case({"region": "114009"}),
        vote("IssueCodes"): case(one | {"region": "114009", "purpose": "Bibliothek", "count": 50}),
        vote("RevokeCodes"): case({"batch_id": voting.batch_id} | WHY),
        vote("ListCodeBatches"): case(one),
        vote("CastBallot"): case(one | {"code": voting.codes[0]}),
    }


def test_every_rpc_has_its_case(cases: dict[str, Case]) -> None:
    assert set(cases) == set(ACCESS)


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_elsewhere_is_refused(funds: Started, cases: dict[str, Case], cell: Cell) -> None:
    await refuses(funds, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_there_is_let_in(funds: Started, cases: dict[str, Case], cell: Cell) -> None:
    await lets_in(funds, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=True), ids=str)
async def test_what_is_not_public_is_seen_where_the_role_reaches(
    funds: Started, cases: dict[str, Case], cell: Cell
) -> None:
    await shows_more_inside_alone(funds, PACKAGE, cell, cases[cell.rpc], [Caller()])


async def test_an_office_of_another_region_does_not_apply_as_a_private_person(
    funds: Started, cases: dict[str, Case]
) -> None:
    request = cases["ApplicationService/DraftApplication"].requests[0] | {"applicant_actor_id": ""}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/DraftApplication", request, Role("fund_office", regions=("01",)))


async def test_a_draft_is_nobodys_but_its_applicants(funds: Started, cases: dict[str, Case]) -> None:
    new = cases["ApplicationService/DraftApplication"].requests[0] | {"applicant_actor_id": ""}
    draft = (await funds.call("ApplicationService/DraftApplication", new, Role("applicant"), sub=OWNER)).application
    person = cases["ApplicationService/SubmitApplication"].requests[0]
    for role in (OFFICE, Role("fund_office"), Role("applicant"), Role("partner")):
        with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
            await funds.call("ApplicationService/SubmitApplication", person | {"application_id": draft.id}, role)


async def test_shares_of_regions_that_one_does_not_reach_are_not_planned(
    funds: Started, cases: dict[str, Case]
) -> None:
    plan = cases["BudgetService/PlanBudgets"].requests[0]
    shares = {"shares": [{"region": "114009", "weight": 1}, {"region": "114010", "weight": 1}]}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("BudgetService/PlanBudgets", plan | shares, Role("fund_office", regions=("114009",)))
