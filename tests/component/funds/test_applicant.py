"""Applicants in a running service: merged, split and archived ones, what they may know, and what they give up."""

from datetime import timedelta
from typing import Any

from chassis.ports import Role
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, REGION
from tests.support.funds_round import APPLICANT, JURY, Round, a_call, a_known_actor, related

SUBMITTED, NEEDS_INFO, APPROVED, WITHDRAWN, CANCELLED = 2, 3, 7, 10, 11


async def balance(call: Round) -> tuple[int, int]:
    budget = (await call.funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


async def get(funds: Started, id: str, *roles: Role, sub: str = "somebody") -> Any:
    return (await funds.call("ApplicationService/GetApplication", {"application_id": id}, *roles, sub=sub)).application


async def say_of(funds: Started, fact: str, actor_id: str, **changes: Any) -> None:
    state = {"id": actor_id, "region": REGION, "name": "Kiezgarten e. V.", "kind": "association", "status": "active"}
    await funds.knows(*await funds.city.say("actors", fact, state | changes))


async def merge(funds: Started, actor_id: str, into: str) -> None:
    await say_of(funds, "actor_merged", actor_id, status="merged", merged_into=into)


async def awarded(funds: Started, **more: Any) -> tuple[Round, Any]:
    call = await a_call(funds, **more)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes")
    await call.conclude(application)
    return call, application


def bound_to(actor_id: str) -> Role:
    return Role("applicant", actors=(actor_id,))


async def test_who_gives_up_after_the_award_returns_the_money(funds: Started) -> None:
    call, application = await awarded(funds)
    assert await balance(call) == (1_220_000, 80_000)
    request = {"application_id": application.id, "reason": "Das Fest fällt aus."}
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ApplicationService/WithdrawApplication", request, APPLICANT, sub="ben")
    given_up = await funds.call("ApplicationService/WithdrawApplication", request, APPLICANT, sub="anna")
    assert given_up.application.status == CANCELLED
    assert await balance(call) == (1_300_000, 0)
    assert [said.fact for said in await funds.said(given_up.application.grant_id)] == [
        "grant_awarded",
        "grant_cancelled",
    ]
    assert (await funds.said(application.id))[-1].fact == "application_withdrawn"
    with refused("APPLICATION_CANCELLED", "FAILED_PRECONDITION"):
        await funds.call("ApplicationService/WithdrawApplication", request, APPLICANT, sub="anna")
    assert not (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).differences


async def test_a_question_without_an_answer_is_seen_and_said_and_nothing_is_refused_by_itself(funds: Started) -> None:
    call = await a_call(funds, seats=0, days=20)
    application = await call.apply()
    due = (await funds.now()).date() + timedelta(days=2)
    await call.check("RequestInfo", application, reason="Wo?", info_due_on=due.isoformat())
    await funds.move_clock(await funds.now() + timedelta(days=4))
    waiting = await call.read(application)
    assert (waiting.status, waiting.info_overdue) == (NEEDS_INFO, True)
    assert (await funds.said(application.id))[-1].fact == "application_info_overdue"
    more = ((await funds.now()).date() + timedelta(days=2)).isoformat()
    asked = await call.check("RequestInfo", application, reason="Wo?", info_due_on=more)
    assert not asked.info_overdue
    again = {"application_id": application.id}
    await funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    await funds.move_clock(await funds.now() + timedelta(days=4))
    assert [said.fact for said in await funds.said(application.id)].count("application_info_overdue") == 1


async def test_an_applicant_reads_what_happened_and_why_and_not_who_decided(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply()
    await call.begin(application)
    await call.vote(application, "no", "no", "yes")
    await call.conclude(application, reason="zu teuer")
    mine = await get(funds, application.id, APPLICANT, sub="anna")
    told = [(step.status, step.reason, step.by) for step in mine.course]
    assert told == [(2, "", "anna"), (4, "", ""), (6, "", ""), (8, "zu teuer", "")]
    assert all(step.HasField("at") for step in mine.course)
    listed = await funds.call("ApplicationService/ListMyApplications", {}, APPLICANT, sub="anna")
    assert not any(step.by == "office" for one in listed.applications for step in one.course)
    assert [step.by for step in (await get(funds, application.id, JURY)).course] == [""] * 4
    for inside in (OFFICE, AUDITOR):
        assert [step.by for step in (await get(funds, application.id, inside)).course] == ["anna"] + ["office"] * 3
    session = await funds.call("SessionService/GetSession", {"session_id": call.session_id}, APPLICANT, sub="anna")
    assert not session.session.agenda


async def test_who_speaks_for_a_record_speaks_for_what_was_merged_into_it_until_a_split(funds: Started) -> None:
    old, kept = await a_known_actor(funds), await a_known_actor(funds)
    call = await a_call(funds, seats=0)
    application = await call.apply(50_000, old, "anna")
    withdraw = {"application_id": application.id, "reason": "doppelt"}
    mine = {"applicant_actor_id": kept}
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await get(funds, application.id, bound_to(kept))
    await merge(funds, old, kept)
    found = await get(funds, application.id, bound_to(kept))
    assert found.applicant_actor_id == old
    listed = await funds.call("ApplicationService/ListMyApplications", mine, bound_to(kept))
    assert [one.id for one in listed.applications] == [application.id]
    await say_of(funds, "actor_split", old)
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ApplicationService/WithdrawApplication", withdraw, bound_to(kept))
    assert not (await funds.call("ApplicationService/ListMyApplications", mine, bound_to(kept))).applications
    await merge(funds, old, kept)
    gone = await funds.call("ApplicationService/WithdrawApplication", withdraw, bound_to(kept))
    assert gone.application.status == WITHDRAWN


async def test_a_member_of_what_a_merged_record_operates_is_recused_until_a_split(funds: Started) -> None:
    old, kept, house = await a_known_actor(funds), await a_known_actor(funds), await a_known_actor(funds, "facility")
    oldest = await a_known_actor(funds)
    await related(funds, "operates", oldest, house)
    await merge(funds, oldest, old)
    await merge(funds, old, kept)
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, kept)
    session = await call.begin(application)
    assert [recusal.member_id for recusal in session.agenda[0].recusals] == [call.members[-1]]
    await say_of(funds, "actor_split", old)
    second = await a_call(funds, seats=0, pot=call.pot)
    second.jury_id, second.members, second.subs = call.jury_id, call.members, call.subs
    assert not (await second.begin(await second.apply(60_000, kept))).agenda[0].recusals


async def test_an_archived_applicants_drafts_end_and_what_it_handed_in_is_marked_and_not_awarded(
    funds: Started,
) -> None:
    actor = await a_known_actor(funds)
    call = await a_call(funds)
    draft, handed_in = await call.draft(10_000, actor), await call.apply(80_000, actor)
    await call.begin(handed_in)
    await call.vote(handed_in, "yes", "yes", "yes")
    await say_of(funds, "actor_archived", actor, status="archived")
    left = await get(funds, draft.id, bound_to(actor))
    assert (left.status, left.course[-1].reason) == (WITHDRAWN, "The record of the applicant was archived.")
    assert (await call.read(handed_in)).applicant_archived
    with refused("APPLICANT_NOT_ACTIVE", "FAILED_PRECONDITION"):
        await call.conclude(handed_in)
    assert await balance(call) == (1_300_000, 0)
    await say_of(funds, "actor_restored", actor)
    assert not (await call.read(handed_in)).applicant_archived
    await call.conclude(handed_in)
    assert (await call.read(handed_in)).status == APPROVED


async def test_what_was_handed_in_is_marked_by_the_record_that_stands_for_it(funds: Started) -> None:
    old, kept = await a_known_actor(funds), await a_known_actor(funds)
    call = await a_call(funds, seats=0)
    application = await call.apply(80_000, old)
    await say_of(funds, "actor_archived", old, status="archived")
    assert (await call.read(application)).applicant_archived
    await merge(funds, old, kept)
    assert not (await call.read(application)).applicant_archived
    await say_of(funds, "actor_archived", kept, status="archived")
    assert (await call.read(application)).applicant_archived
    await say_of(funds, "actor_split", old)
    assert not (await call.read(application)).applicant_archived
