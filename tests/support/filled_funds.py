"""Records of funds with all their fields filled, made by real calls, and the requests that read them."""

from datetime import timedelta

from chassis.ports import Role, berlin_day, new_id
from tests.support.actors import COORDINATOR
from tests.support.city import Started
from tests.support.filled import OWNER, Asked
from tests.support.funds import OFFICE, RULES, Pot
from tests.support.funds_assembly import an_assembly
from tests.support.funds_ballot import a_voting
from tests.support.funds_grant import IBAN, TREASURER, a_receipt_line
from tests.support.funds_proposal import TEXT, propose, read, step
from tests.support.funds_round import a_call, a_known_actor

REFERENCE = {"kind": "REFERENCE_KIND_RESOLUTION", "number": "VII/1000", "body": "BVV", "dated": "2026-01-01"}
REFERENCES = {"references": [REFERENCE | {"uri": "https://bvv.example/1000"}]}


async def in_funds(funds: Started) -> Asked:
    call = await a_call(funds)
    actor = await a_known_actor(funds)
    pot = await _with_references(funds, call.pot)
    applications = [await call.apply(80_000, *by) for by in ((actor, OWNER), ("", OWNER), (actor, OWNER))]
    declined = await call.apply(40_000)
    cancelled = await call.plan()
    await call.act("CancelSession", reason="Raum zu klein")
    call.session_id = ""
    await call.begin(*applications, declined)
    await call.act("EnterRecusal", application_id=declined.id, member_id=call.members[3], reason="Nachbar")
    for application in applications:
        await call.vote(application, "yes", "yes", conditions=["Nur Pflanzen"])
        await call.conclude(application)
    await call.vote(declined, "no", "yes")
    await call.conclude(declined, reason="zu wenig Nachbarn")
    mended = {"member_id": call.members[1], "choice": "CHOICE_NO", "reason": "verhört"}
    await call.act("CorrectVote", application_id=declined.id, **mended)
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    grants = [(await call.read(application)).grant_id for application in applications]
    for grant_id in grants:
        payee = {"agreement_number": f"L-{grant_id[-6:]}", "payee_name": "Anna Beispiel", "iban": IBAN}
        await funds.call("GrantService/AgreeGrant", {"grant_id": grant_id} | payee, OFFICE, sub="office")
    await funds.move_clock(await funds.now() + timedelta(days=70))
    for grant_id in grants:
        await _live(funds, grant_id)
    for grant_id in grants[:2]:
        await _end(funds, grant_id)
    record = {"id": actor, "region": "114009", "name": "Kiezgarten e. V.", "kind": "association", "status": "active"}
    await funds.knows(*await funds.city.say("actors", "verification_lapsed", record))
    await funds.call("RoundService/ConcludeRound", {"round_id": call.round_id}, OFFICE)
    assembly_id = await an_assembly(funds)
    region = [{"region": "114009", "page_size": 500}]
    whole = {f"{noun}Service/List{noun}s": region for noun in ("Fund", "Budget", "Round", "Grant", "Session", "Title")}
    return (
        whole
        | await _proposals_in(funds)
        | await _ballots_in(funds)
        | {
            "TitleService/GetTitle": [{"title_id": pot.title_id}],
            "TitleService/ListTitles": [{"region": "11", "page_size": 500}],
            "FundService/GetFund": [{"fund_id": pot.fund_id}],
            "FundService/ListFunds": [{"region": "11", "page_size": 500}],
            "BudgetService/GetBudget": [{"budget_id": id} for id in (pot.budget_id, call.pot.budget_id)],
            "LedgerService/ListPostings": [{"budget_id": call.pot.budget_id, "page_size": 500}],
            "FundService/ListRuleSets": [{}],
            "FundService/ListRulesVersions": [{"fund_id": pot.fund_id}],
            "StatementService/GetBudgetBalance": [{"budget_id": call.pot.budget_id}],
            "StatementService/GetTitleBalance": [{"title_id": call.pot.title_id}],
            "StatementService/GetBudgetStatement": [{"budget_id": id} for id in (pot.budget_id, call.pot.budget_id)],
            "StatementService/GetTitleStatement": [{"title_id": pot.title_id}],
            "RoundService/GetRound": [{"round_id": call.round_id}],
            "TransparencyService/GetRegionYear": [{"region": "114009", "year": call.pot.year}],
            "GrantService/GetGrant": [{"grant_id": grants[0]}, {"grant_id": grants[2]}],
            "GrantService/GetGrant of a private person": [{"grant_id": grants[1]}],
            "SessionService/GetSession": [{"session_id": id} for id in (cancelled.id, call.session_id, assembly_id)],
        }
    )


async def _proposals_in(funds: Started) -> Asked:
    """One that was decided, with a duplicate, and one that was forwarded, and one in a fund."""
    call = await a_call(funds, seats=0)
    one = await propose(funds, sub=OWNER)
    await step(funds, "MergeProposal", await propose(funds, sub=OWNER), into_proposal_id=one.id)
    await step(funds, "ReviewProposal", one, text=TEXT)
    sent = {"way": "PROPOSAL_WAY_FUND", "fund_id": call.pot.fund_id, "estimated_cents": 5_000}
    await step(funds, "RouteProposal", one, **sent)
    await step(funds, "LinkApplication", one, application_id=(await call.apply()).id)
    decision = {"reference": REFERENCE | {"uri": "https://bvv.example/1000"}, "outcome": "COUNCIL_OUTCOME_ACCEPTED"}
    await step(funds, "DecideProposal", one, **decision)
    merged = (await read(funds, one)).merged_from[0]
    on_paper = {"region": "114009", "channel": "PROPOSAL_CHANNEL_PAPER", "text": TEXT, "agrees_to_publication": True}
    entered = (await funds.call("ProposalService/SubmitProposal", on_paper, COORDINATOR, sub="kim")).proposal
    await step(funds, "ForwardProposal", entered, authority="Senatsverwaltung")
    return {
        "ProposalService/GetProposal": [{"proposal_id": id} for id in (one.id, merged, entered.id)],
        "ProposalService/ListProposals": [{"region": "114009", "page_size": 100}],
    }


async def _ballots_in(funds: Started) -> Asked:
    """One that is published, one that is open, one that is a draft."""
    whole = {"votes_per_person": 3, "votes_per_proposal": 2, "budget_cents": 100_000, "winners": 2, "min_votes": 10}
    rules = whole | {"kind": "BALLOT_KIND_VOTES", "tie_rule": "TIE_RULE_LOWER_COST"}
    published = await a_voting(funds, 40_000, 40_000, 40_000, rules=rules)
    await published.begin()
    for code in published.codes[:10]:
        await published.cast(code, 0, 1)
    await published.end()
    await published.act("PublishBallot")
    draft = await a_voting(funds, 100, 200, opened=False, codes=0)
    voting = await a_voting(funds, 100, 200)
    await voting.begin()
    choices = [{"proposal_id": voting.proposals[0].id}]
    return {
        "BallotService/GetBallot": [{"ballot_id": ballot.ballot_id} for ballot in (published, voting, draft)],
        "BallotService/ListBallots": [{"region": "114009"}],
        "VotingService/CastBallot": [{"ballot_id": voting.ballot_id, "code": voting.codes[0], "choices": choices}],
    }


async def _with_references(funds: Started, pot: Pot) -> Pot:
    title = {"region": "11", "chapter": "3320", "number": str(int(new_id().replace("-", ""), 16))[-9:], "name": "Titel"}
    years = {"years": [{"year": pot.year, "total_cents": 100}]}
    fund = {"region": "11", "kind": "FUND_KIND_KIEZFONDS", "name": "Kiezfonds", "office_actor_id": new_id()}
    made = await funds.call("TitleService/PlanTitle", title | years | REFERENCES, OFFICE)
    founded = await funds.call("FundService/CreateFund", fund | {"rules": RULES} | REFERENCES, OFFICE)
    plan = {"fund_id": founded.fund.id, "title_id": made.title.id, "region": "114009", "year": pot.year}
    budget = await funds.call("BudgetService/PlanBudget", plan | {"planned_cents": 10} | REFERENCES, OFFICE)
    return Pot(made.title.id, founded.fund.id, budget.budget.id, pot.year)


async def _live(funds: Started, grant_id: str) -> None:
    """Claim, pay by file, have one payment sent back, prove, answer a query, owe a refund."""
    one, day = {"grant_id": grant_id}, berlin_day(await funds.now()).isoformat()
    payee = {"payee_name": "Anna Beispiel", "iban": IBAN, "reason": "neue Bank"}
    await funds.call("GrantService/ChangePayee", one | payee, OFFICE, sub="office")
    receipts = {"receipts": [a_receipt_line(berlin_day(await funds.now()))]}
    claim = (await funds.call("ClaimService/SubmitClaim", one | receipts, Role("applicant"), sub=OWNER)).claim
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    payer = {"region": "11", "payer_name": "Bezirksamt", "payer_iban": IBAN, "payer_bic": "BELADEBEXXX"}
    for cents in (1_000, 5_000):
        order = one | {"amount_cents": cents}
        ordered = await funds.call("PaymentService/OrderPayment", order, TREASURER, sub="clerk")
        payment = {"payment_id": ordered.payment.id}
        await funds.call("PaymentService/ReleasePayment", payment, TREASURER, sub="treasurer")
        await funds.call("PaymentFileService/ExportPayments", payer, TREASURER, sub="treasurer")
        await funds.call("PaymentService/MarkPaymentPaid", payment | {"paid_on": day}, TREASURER, sub="treasurer")
        if cents == 1_000:
            back = payment | {"returned_on": day, "reason": "Konto erloschen"}
            await funds.call("PaymentService/ReturnPayment", back, TREASURER, sub="treasurer")
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"report": "Gut.", "results": [result], "total_costs_cents": 9_000}
    receipt = {"receipts": [a_receipt_line(berlin_day(await funds.now()))]}
    await funds.call("ProofService/SubmitProof", one | proof | receipt, Role("applicant"), sub=OWNER)
    query = {"question": "Wofür?", "answer_by": day}
    await funds.call("ProofService/QueryProof", one | query, OFFICE, sub="office")
    await funds.call("ProofService/SubmitProof", one | proof | receipt, Role("applicant"), sub=OWNER)
    accept = {"accepted_cents": 3_000, "reason": "nicht alles zählt"}
    await funds.call("ProofService/AcceptProof", one | accept | {"accepted_cents": 300}, OFFICE, sub="office")
    await funds.call("ProofService/ReopenProof", one | {"reason": "eine Null zu wenig"}, OFFICE, sub="office")
    await funds.call("ProofService/AcceptProof", one | accept, OFFICE, sub="office")


async def _end(funds: Started, grant_id: str) -> None:
    one, day = {"grant_id": grant_id}, berlin_day(await funds.now()).isoformat()
    await funds.call("GrantService/ReceiveRefund", one | {"amount_cents": 2_000, "received_on": day}, TREASURER)
    await funds.call("GrantService/CorrectRefund", one | {"amount_cents": 500, "reason": "Zahlendreher"}, TREASURER)
    await funds.call("GrantService/ReceiveRefund", one | {"amount_cents": 500, "received_on": day}, TREASURER)
    await funds.call("GrantService/SettleGrant", one, OFFICE, sub="office")
