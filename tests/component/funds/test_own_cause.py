"""Nobody decides for themselves: not as chair, host or clerk, not after a merge or a split, not by mending a decision."""

from datetime import timedelta
from typing import Any

from chassis.ports import Role, berlin_day
from services.funds.domain.fund_rules import Payout
from tests.component.funds.test_applicant import bound_to, merge, say_of
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import IBAN, TREASURER, a_receipt_line, agreed, pay, prove, submit_claim
from tests.support.funds_round import APPLICANT, BY_OFFICE, JURY, Round, a_call, a_form, a_known_actor
from tests.support.funds_sitting import ASSEMBLY, opened

OWN = ("OWN_GRANT", "PERMISSION_DENIED")


def leading(call: Round, application: Any) -> dict[str, dict[str, Any]]:
    """All by which somebody leads an item, or puts its record right."""
    item, reason = {"application_id": application.id}, {"reason": "so beschlossen"}
    member = {"member_id": call.members[1]}
    return {
        "PutMotion": item | {"amount_cents": 100},
        "ResolveException": item | reason,
        "EnterVote": item | member | reason | {"choice": "CHOICE_YES"},
        "CorrectVote": item | member | reason | {"choice": "CHOICE_NO"},
        "EnterRecusal": item | member | reason,
        "TakeBackRecusal": item | member | reason,
        "ConcludeItem": item,
        "DeferItem": item | reason,
    }


async def test_who_applies_leads_nothing_of_their_own_item_though_they_are_the_office(funds: Started) -> None:
    call = await a_call(funds, cap_exception_allowed=True)
    own, other = await call.apply(80_000), await call.apply(50_000, sub="ben")
    await call.begin(own, other)
    await call.vote(own, "yes", "yes", "yes")
    for rpc, fields in leading(call, own).items():
        with refused(*OWN):
            await call.act(rpc, sub="anna", **fields)
    await call.act("PutMotion", sub="anna", application_id=other.id, amount_cents=100)
    await call.conclude(own)


async def test_a_chair_who_is_recused_leaves_the_item_to_others(funds: Started) -> None:
    house = await a_known_actor(funds)
    call = await a_call(funds, cap_exception_allowed=True)
    affiliate = {"jury_id": call.jury_id, "member_id": call.members[0], "affiliations": [house]}
    await funds.call("JuryService/SetAffiliations", affiliate, OFFICE)
    own, other = await call.apply(80_000, house, "carla"), await call.apply(50_000)
    await call.begin(own, other)
    chair = call.subs[0]
    await call.vote(own, "", "yes", "yes")
    for rpc, fields in leading(call, own).items():
        with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
            await call.act(rpc, JURY, sub=chair, **fields)
    await call.act("PutMotion", JURY, sub=chair, application_id=other.id, amount_cents=100)
    await call.act("DeclareRecusal", JURY, sub=chair, application_id=other.id)
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("PutMotion", JURY, sub=chair, application_id=other.id, amount_cents=200)
    await call.conclude(own)
    # To step back later, too, is everybody's own affair.
    itself = {"application_id": own.id, "member_id": call.members[0], "reason": "Vorstand"}
    await call.act("EnterRecusal", JURY, sub=chair, **itself)


async def test_a_member_whose_token_speaks_for_the_applicant_has_no_vote(funds: Started) -> None:
    old, kept = await a_known_actor(funds), await a_known_actor(funds)
    await merge(funds, old, kept)
    call = await a_call(funds)
    application = await call.apply(80_000, old, "carla")
    await call.begin(application)
    await call.vote(application)
    vote = {"application_id": application.id, "choice": "CHOICE_YES"}
    with refused(*OWN):
        await call.act("CastVote", JURY, bound_to(kept), sub=call.subs[1], **vote)
    await call.act("CastVote", JURY, sub=call.subs[2], **vote)


async def test_who_applies_neither_counts_the_hands_of_an_assembly_nor_concludes_for_themselves(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    own, mail, other = await call.apply(80_000), "kim.host@example.org", await call.apply(30_000, sub="ben")
    by_host = await call.submit(await call.draft(40_000, sub="ben"), sub="ben", contact_email=mail)
    await opened(call, own, by_host, other, host_sub="kim", host_email=mail)
    leads: dict[str, dict[str, Any]] = {
        "PutMotion": {"amount_cents": 40_000},
        "CountHands": {"yes": 20},
        "CorrectCount": {"yes": 20, "reason": "verzählt"},
        "ConcludeItem": {},
        "DeferItem": {"reason": "später"},
    }
    for application, role, sub in ((own, OFFICE, "anna"), (by_host, JURY, "kim")):
        one = {"application_id": application.id}
        await call.act("PutMotion", **one, amount_cents=30_000)
        for rpc, fields in leads.items():
            with refused(*OWN):
                await call.act(rpc, role, sub=sub, **one, **fields)
    await call.act("PutMotion", JURY, sub="kim", application_id=other.id, amount_cents=30_000)


async def test_a_decision_is_not_mended_by_whom_it_pays_after_a_split_either(funds: Started) -> None:
    old, kept = await a_known_actor(funds), await a_known_actor(funds)
    call = await a_call(funds)
    application = await call.apply(80_000, old, "carla")
    await merge(funds, old, kept)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes", cents=50_000)
    await call.conclude(application)
    revise = {"application_id": application.id, "amount_cents": 40_000, "reason": "Tippfehler"}
    with refused(*OWN):
        await funds.call("ApplicationService/ReviseDecision", revise, OFFICE, bound_to(kept), sub="office")
    await say_of(funds, "actor_split", old)
    for either in (old, kept):
        with refused(*OWN):
            await funds.call("ApplicationService/ReviseDecision", revise, OFFICE, bound_to(either), sub="office")
    await funds.call("ApplicationService/ReviseDecision", revise, OFFICE, sub="office")


async def test_a_refund_is_booked_by_somebody_who_neither_owes_it_nor_decided(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    await pay(funds, grant, 50_000)
    await prove(funds, grant, 30_000, 30_000)
    day = berlin_day(await funds.now()).isoformat()
    refund = {"grant_id": grant.id, "amount_cents": 20_000, "received_on": day}
    with refused(*OWN):
        await funds.call("GrantService/ReceiveRefund", refund, TREASURER, APPLICANT, sub=grant.applicant_sub)
    with refused(*OWN):
        bound = bound_to(grant.recipient_actor_id)
        await funds.call("GrantService/ReceiveRefund", refund, TREASURER, bound, sub="treasurer")
    with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
        await funds.call("GrantService/ReceiveRefund", refund, TREASURER, sub=grant.decided_by[0])
    with refused("SERVICE_IS_NO_EYE", "PERMISSION_DENIED"):
        await funds.call("GrantService/ReceiveRefund", refund, TREASURER, Role("service"), sub="service:bank")
    received = await funds.call("GrantService/ReceiveRefund", refund, TREASURER, sub="treasurer")
    assert received.grant.refunded_cents == 20_000
    mend = {"grant_id": grant.id, "amount_cents": 18_000, "reason": "eine Null zu viel"}
    with refused(*OWN):
        await funds.call("GrantService/CorrectRefund", mend, TREASURER, APPLICANT, sub=grant.applicant_sub)
    with refused("DECIDER_MAY_NOT_PAY", "PERMISSION_DENIED"):
        await funds.call("GrantService/CorrectRefund", mend, TREASURER, sub=grant.decided_by[0])
    await funds.call("GrantService/CorrectRefund", mend, TREASURER, sub="treasurer")


async def test_whom_a_grant_pays_decides_on_nothing_of_it_in_the_office_after_a_merge_either(funds: Started) -> None:
    old, kept = await a_known_actor(funds), await a_known_actor(funds)
    grant = await agreed(funds, payout=Payout.ADVANCE, recipient_actor_id=old)
    await merge(funds, old, kept)
    one, reason = {"grant_id": grant.id}, {"reason": "so beschlossen"}
    account = {"payee_name": "Anna Beispiel", "iban": IBAN}
    claim = await submit_claim(funds, grant, a_receipt_line(grant.decided_on))
    refuse = {"claim_id": claim.id} | reason
    today = berlin_day(await funds.now())
    decides: dict[str, dict[str, Any]] = {
        "GrantService/AgreeGrant": one | account | {"agreement_number": "L-01"},
        "GrantService/ChangePayee": one | account | reason,
        "GrantService/SettleGrant": one,
        "GrantService/RevokeGrant": one | reason,
        "YearEndService/CarryGrant": one | reason,
        "YearEndService/ContinueGrant": one | reason,
        "ProofService/QueryProof": one | {"question": "Wo?", "answer_by": today.isoformat()},
        "ProofService/AcceptProof": one,
        "ProofService/ReopenProof": one | reason,
        "ClaimService/AcceptClaim": {"claim_id": claim.id},
        "ClaimService/RefuseClaim": refuse,
    }
    for rpc, request in decides.items():
        with refused(*OWN):
            await funds.call(rpc, request, OFFICE, sub=grant.applicant_sub)
        with refused(*OWN):
            await funds.call(rpc, request, OFFICE, bound_to(kept), sub="office")
    await funds.call("ClaimService/RefuseClaim", refuse, OFFICE, sub="office")


async def test_nobody_approves_minutes_of_their_own_item(funds: Started) -> None:
    call = await a_call(funds)
    own = await call.apply(80_000)
    await call.begin(own)
    await call.vote(own, "yes", "yes", "yes")
    await call.conclude(own)
    await call.act("CloseSession", sub="anna")
    with refused(*OWN):
        await call.act("ApproveMinutes", sub="anna")
    await call.act("ApproveMinutes")


async def test_nobody_admits_or_refuses_their_own(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply(80_000)
    one, reason = {"application_id": application.id}, {"reason": "passt"}
    day = (await funds.now()).date().isoformat()
    asked: dict[str, dict[str, str]] = {
        "AdmitApplication": {},
        "RefuseApplication": reason,
        "ReadmitApplication": reason,
        "RequestInfo": reason | {"info_due_on": day},
    }
    for rpc, fields in asked.items():
        with refused(*OWN):
            await funds.call(f"ApplicationService/{rpc}", one | fields, OFFICE, sub="anna")
    await call.check("AdmitApplication", application)


async def test_who_may_apply_and_is_of_the_office_does_not_pass_as_paper_and_decide(funds: Started) -> None:
    call = await a_call(funds, seats=0, pot=await a_pot(funds, **BY_OFFICE))
    both = (OFFICE, APPLICANT)

    async def entered(*roles: Role, sub: str) -> Any:
        request = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": "114009"}
        form = {"form": a_form(call.closes_at.date() + timedelta(days=60), 50_000)}
        draft = await funds.call("ApplicationService/DraftApplication", request | form, *roles, sub=sub)
        one = {"application_id": draft.application.id}
        contact = {"contact_name": "Kim Beispiel", "contact_email": "kim@example.org"}
        await funds.call("ApplicationService/SubmitApplication", one | contact, *roles, sub=sub)
        await call.check("AdmitApplication", draft.application)
        return draft.application

    own = await entered(*both, sub="clerk")
    award = {"application_id": own.id, "budget_id": call.pot.budget_id, "amount_cents": 50_000}
    with refused(*OWN):
        await funds.call("ApplicationService/AwardApplication", award, OFFICE, sub="clerk")
    paper = await entered(OFFICE, sub="clerk")
    assert (own.applicant_sub, paper.applicant_sub) == ("clerk", "")
    await call.end()
    await funds.call("ApplicationService/AwardApplication", award | {"application_id": paper.id}, OFFICE, sub="clerk")
