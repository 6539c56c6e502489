"""Short stories of funds that leave their records at every point of their lives, each rpc of a command in one of them."""

from datetime import date, timedelta

from chassis.ports import Role, berlin_day, end_of_day, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.filled_funds import in_funds
from tests.support.funds import OFFICE, RULES, a_pot, move
from tests.support.funds_assembly import an_assembly
from tests.support.funds_ballot import a_voting
from tests.support.funds_grant import IBAN, TREASURER, a_receipt_line, agreed, award, order, pay, prove, submit_claim
from tests.support.funds_proposal import APPLICANT, REFERENCE, propose, routed, step
from tests.support.funds_round import JURY, a_call, a_form, a_known_actor
from tests.support.funds_years import carry, two_years


async def a_round(funds: Started) -> None:
    actor = await a_known_actor(funds)
    call = await a_call(funds)
    mine, theirs, draft = await call.apply(), await call.apply(actor_id=actor, sub="kim"), await call.draft()
    for application, role, sub in (
        (mine, Role("applicant"), "anna"),
        (theirs, Role("applicant", actors=(actor,)), "kim"),
    ):
        info = {"reason": "more", "info_due_on": call.closes_at.date().isoformat()}
        await call.check("RequestInfo", application, **info)
        form = a_form(call.closes_at.date() + timedelta(days=60), 90_000)
        revised = {"application_id": application.id, "form": form}
        await funds.call("ApplicationService/ReviseApplication", revised, role, sub=sub)
    again = {"application_id": mine.id}
    await funds.call("ApplicationService/ResubmitApplication", again, Role("applicant"), sub="anna")
    await funds.call("ApplicationService/GetApplication", {"application_id": draft.id}, Role("applicant"), sub="anna")
    grant = await agreed(funds, call.pot)
    await submit_claim(funds, grant, a_receipt_line(berlin_day(await funds.now()), 45_000))
    await a_call(funds, seats=0)
    await call.begin(mine)
    await call.vote(mine, "yes", "yes", "no", "yes", cents=60_000)
    await call.conclude(mine)


async def grants(funds: Started) -> None:
    pot = await a_pot(funds)
    advance = await agreed(funds, pot, payout=Payout.ADVANCE)
    await pay(funds, advance, 10_000)
    await order(funds, advance, 5_000)
    await prove(funds, await agreed(funds, pot), 30_000, 30_000)


async def ballots(funds: Started) -> None:
    await propose(funds)
    await routed(funds, "FEASIBLE", cents=0)
    draft = await a_voting(funds, 100, 200, opened=False)
    terms = {
        "ballot_id": draft.ballot_id,
        "name": "Bürgerhaushalt",
        "rules": {"kind": "BALLOT_KIND_KNAPSACK", "tie_rule": "TIE_RULE_LOT", "budget_cents": 100_000},
        "opens_at": draft.opens_at.isoformat(),
        "closes_at": draft.closes_at.isoformat(),
        "proposal_ids": [proposal.id for proposal in draft.proposals],
    }
    await funds.call("BallotService/ReviseBallot", terms, OFFICE)
    voting = await a_voting(funds, 40_000, 20_000)
    await voting.begin()
    for code in voting.codes[:10]:
        await voting.cast(code, 0)
    await voting.end()
    await voting.recount()


async def a_round_that_is_moved(funds: Started) -> None:
    call = await a_call(funds, seats=0, days=20)
    today = berlin_day(await funds.now())
    days = {"opens_on": today.isoformat(), "closes_on": (today + timedelta(days=6)).isoformat()}
    one = {"round_id": call.round_id}
    await funds.call("RoundService/RescheduleRound", one | days, OFFICE)
    await funds.move_clock(await funds.now() + timedelta(days=8))
    for rpc in ("ConcludeRound", "PublishRound"):
        await funds.call(f"RoundService/{rpc}", one, OFFICE)


async def an_office_decides(funds: Started) -> None:
    call = await a_call(funds, seats=0, decision_body="DECISION_BODY_OFFICE", jury_size=0, quorum_percent=0)
    one, other, third = [await call.apply() for _ in range(3)]
    await call.end()
    await call.check("RefuseApplication", third, reason="nein")
    await call.check("ReadmitApplication", third, reason="doch")
    for application in (one, other):
        await call.check("AdmitApplication", application)
    await call.check("AwardApplication", one, budget_id=call.pot.budget_id, amount_cents=70_000)
    await call.check("DeclineApplication", other, reason="kein Kiezbezug")
    revise = {"application_id": one.id, "amount_cents": 60_000, "reason": "verschrieben"}
    await funds.call("ApplicationService/ReviseDecision", revise, OFFICE, sub="head")


async def a_session(funds: Started) -> None:
    """Moved, with a recusal and an entered vote, an item that is deferred, and an exception of the cap."""
    call = await a_call(funds, cap_exception_allowed=True)
    deferred, dear, cheap = await call.apply(), await call.apply(110_000), await call.apply(10_000)
    affiliate = {"jury_id": call.jury_id, "member_id": call.members[4], "affiliations": [new_id()]}
    await funds.call("JuryService/SetAffiliations", affiliate, OFFICE)
    await call.end()
    session = await call.plan()
    times = {"starts_at": session.starts_at.ToJsonString(), "ends_at": session.ends_at.ToJsonString()}
    await call.act("MoveSession", **times, place="Bibliothek")
    await call.begin(deferred, dear, cheap)
    await call.act("DeclareRecusal", JURY, sub=call.subs[4], application_id=cheap.id, reason="Nachbar")
    wrong = {"application_id": cheap.id, "member_id": call.members[3], "reason": "verwechselt"}
    await call.act("EnterRecusal", **wrong)
    await call.act("TakeBackRecusal", **wrong)
    await call.act("RecordAttendance", present_member_ids=call.members)
    await call.vote(cheap, "yes", "yes")
    vote = {"member_id": call.members[2], "choice": "CHOICE_YES", "reason": "per Zuruf"}
    await call.act("EnterVote", sub=call.subs[0], application_id=cheap.id, **vote)
    mended = {"member_id": call.members[1], "choice": "CHOICE_NO", "reason": "verhört"}
    await call.act("CorrectVote", sub=call.subs[0], application_id=cheap.id, **mended)
    await call.act("DeferItem", sub=call.subs[0], application_id=deferred.id, reason="fehlt noch")
    await call.vote(dear, "yes", "yes", "yes")
    await call.act("ResolveException", application_id=dear.id, reason="einmalig")
    await call.conclude(dear)
    gone = {"member_id": call.members[3], "reason": "Umzug", "last_day": berlin_day(await funds.now()).isoformat()}
    await funds.call("JuryService/UnseatMember", {"jury_id": call.jury_id} | gone, OFFICE)


async def in_writing(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True)
    application = await call.apply()
    await call.end()
    await call.check("AdmitApplication", application)
    begins = await funds.now() + timedelta(days=3)
    plan = {"jury_id": call.jury_id, "budget_id": call.pot.budget_id, "round_id": call.round_id, "title": "Umlauf"}
    days = {"starts_at": begins.isoformat(), "votes_until": (begins + timedelta(days=8)).date().isoformat()}
    planned = (await funds.call("SessionService/PlanWrittenProcedure", plan | days, OFFICE)).session
    call.session_id = planned.id
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    await funds.move_clock(begins)
    await call.act("OpenWrittenProcedure")


async def proposals(funds: Started) -> None:
    one, other = await routed(funds, "FEASIBLE", cents=0), await propose(funds)
    await step(funds, "PutToCouncil", one, reference=REFERENCE)
    await step(funds, "DecideProposal", one, reference=REFERENCE, outcome="COUNCIL_OUTCOME_ACCEPTED")
    await step(funds, "StartImplementation", one)
    await step(funds, "FinishImplementation", one)
    await funds.call("ProposalService/WithdrawProposal", {"proposal_id": other.id}, APPLICANT, sub="anna")
    call = await a_call(funds, seats=0)
    for_a_fund = await routed(funds, "FUND", fund_id=call.pot.fund_id)
    await step(funds, "LinkApplication", for_a_fund, application_id=(await call.apply()).id)


async def books(funds: Started) -> None:
    """Rules and a title are changed, a total is shared, and a posting is taken back."""
    pot = await a_pot(funds)
    rules = {"fund_id": pot.fund_id, "rules": RULES | {"cap_cents": 50_000}, "reason": "DS 1"}
    await funds.call("FundService/ChangeFundRules", rules, OFFICE)
    title = {"title_id": pot.title_id, "year": pot.year, "reference": REFERENCE, "total_cents": 20_000_000}
    await funds.call("TitleService/ReviseTitle", title, OFFICE)
    shares = [{"region": "114010", "weight": 1}, {"region": "114011", "weight": 2}]
    plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "year": pot.year, "total_cents": 900, "shares": shares}
    await funds.call("BudgetService/PlanBudgets", plan, OFFICE)
    await move(funds, "Freeze", pot, 100)
    undo = {"budget_id": pot.budget_id, "number": 2, "reason": "vertippt"}
    await funds.call("LedgerService/ReversePosting", undo, OFFICE)
    await move(funds, "Freeze", pot, 100)
    await move(funds, "Unfreeze", pot, 50)


async def a_payment_file(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 10_000)
    release = {"payment_id": payment.id}
    await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")
    payer = {"region": "11", "payer_name": "Bezirksamt", "payer_iban": IBAN}
    exported = await funds.call("PaymentFileService/ExportPayments", payer, TREASURER, sub="treasurer")
    one = {"payment_file_id": exported.payment_file.id}
    await funds.call("PaymentFileService/GetPaymentFile", one, TREASURER)
    await funds.call("PaymentFileService/FetchPaymentFile", one | {"format": "PAYMENT_FILE_FORMAT_CSV"}, TREASURER)


async def years(funds: Started) -> None:
    """A grant is carried into the next year, the budget of this one is closed, and a grant of two years goes on."""
    this_year, _ = await two_years(funds)
    await carry(funds, (await award(funds, this_year)).id)
    await funds.call("BudgetService/CloseBudget", {"budget_id": this_year.budget_id}, OFFICE)
    this_year, next_year = await two_years(funds, cents=5_000_000, rule_set="infrastructure")
    call = await a_call(funds, seats=0, pot=this_year)
    ends_on = (call.closes_at.date() + timedelta(days=400)).isoformat()
    application = await call.apply(3_000_000, await a_known_actor(funds), "anna", ends_on=ends_on)
    await call.end()
    await call.check("AdmitApplication", application)
    shares = {"amount_cents": 1_000_000, "later_shares": [{"year": next_year.year, "amount_cents": 1_200_000}]}
    decided = await call.check("AwardApplication", application, budget_id=this_year.budget_id, **shares)
    one = {"grant_id": decided.grant_id}
    agreement = {"agreement_number": "I-1", "payee_name": "Haus e. V.", "iban": IBAN}
    await funds.call("GrantService/AgreeGrant", one | agreement, OFFICE, sub="office")
    await funds.call("YearEndService/ContinueGrant", one | {"reason": "zweites Jahr"}, OFFICE, sub="office")


async def a_grant_without_proof(funds: Started) -> None:
    """It is revoked once its reminders are over, and the money comes back."""
    grant = await agreed(funds, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    due: date = grant.ends_on + timedelta(days=28)
    await funds.move_clock(end_of_day(due + timedelta(days=14)))
    one = {"grant_id": grant.id}
    await funds.call("GrantService/RevokeGrant", one | {"reason": "kein Nachweis"}, OFFICE)
    back = {"amount_cents": 1_000, "received_on": berlin_day(await funds.now()).isoformat()}
    await funds.call("GrantService/ReceiveRefund", one | back, TREASURER)
    await funds.call("GrantService/CorrectRefund", one | {"amount_cents": 500, "reason": "Zahlendreher"}, TREASURER)


USUAL = (
    a_round, grants, ballots, a_round_that_is_moved, an_office_decides, a_session, in_writing, an_assembly, proposals, books,
    a_payment_file, years,
)  # fmt: skip
# They move the calendar by months.
LONG = (in_funds, a_grant_without_proof)
