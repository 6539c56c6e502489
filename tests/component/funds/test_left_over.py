"""What would be left over in a running service: mistakes of the formal check, drafts given up, applications that come late."""

from datetime import UTC, timedelta

from chassis.ports import berlin_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, REGION, RULES
from tests.support.funds_page import pot_of
from tests.support.funds_round import APPLICANT, a_call, a_form
from tests.support.funds_steps import admitted, session_of

SUBMITTED, NEEDS_INFO, ADMISSIBLE, INADMISSIBLE, SCHEDULED, APPROVED, DEFERRED, WITHDRAWN = 2, 3, 4, 5, 6, 7, 9, 10


async def test_an_admission_that_was_a_mistake_is_taken_back_with_a_reason(funds: Started) -> None:
    call = await a_call(funds)
    one, other, put_off = await admitted(call), await admitted(call, 60_000), await admitted(call, 50_000)
    day = call.closes_at.date().isoformat()
    asked = await call.check("RequestInfo", one, reason="Die Kosten fehlen.", info_due_on=day)
    assert (asked.status, asked.course[-1].reason) == (NEEDS_INFO, "Die Kosten fehlen.")
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[other.id, put_off.id])
    taken_back = await call.check("RefuseApplication", other, reason="Das Vorhaben hat begonnen.")
    assert (taken_back.status, taken_back.session_id) == (INADMISSIBLE, "")
    assert [item.application_id for item in (await session_of(call)).agenda] == [put_off.id]
    assert [said.fact for said in await funds.said(other.id)][-2:] == ["application_scheduled", "application_refused"]
    late = await admitted(call, 40_000)
    await call.act("ScheduleApplications", application_ids=[late.id])
    asked = await call.check("RequestInfo", late, reason="Wer haftet?", info_due_on=day)
    assert (asked.status, asked.session_id, asked.HasField("session_at")) == (NEEDS_INFO, "", False)
    assert [item.application_id for item in (await session_of(call)).agenda] == [put_off.id]
    assert call.session_at is not None
    await call.end()
    await call.act("InviteJury")
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    with refused("SESSION_OPEN", "FAILED_PRECONDITION"):
        await call.check("RefuseApplication", put_off, reason="zu spät")
    with refused("SESSION_OPEN", "FAILED_PRECONDITION"):
        await call.check("RequestInfo", put_off, reason="zu spät", info_due_on="2100-01-01")
    await call.act("DeferItem", application_id=put_off.id, reason="Fragen sind offen")
    assert (await call.check("RefuseApplication", put_off, reason="Hat begonnen.")).status == INADMISSIBLE


async def test_a_draft_that_was_given_up_stays_its_writers_and_was_never_asked_for(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents)
    draft = await call.draft(99_000)
    one = {"application_id": draft.id}
    give_up = one | {"reason": "doch nicht"}
    gone = await funds.call("ApplicationService/WithdrawApplication", give_up, APPLICANT, sub="anna")
    assert gone.application.status == WITHDRAWN
    await call.end()
    told = await pot_of(funds, call)
    assert (told.asked_cents, told.applications) == (60_000, 3)
    for role in (OFFICE, AUDITOR):
        with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
            await funds.call("ApplicationService/GetApplication", one, role)
        of_round = {"region": REGION, "round_id": call.round_id}
        listed = await funds.call("ApplicationService/ListApplications", of_round, role)
        assert draft.id not in [application.id for application in listed.applications]
    mine = await funds.call("ApplicationService/GetApplication", one, APPLICANT, sub="anna")
    assert mine.application.form.requested_cents == 99_000


async def test_what_comes_late_stands_under_the_rules_of_the_round_that_takes_it(funds: Started) -> None:
    first = await a_call(funds, seats=0, late="LATE_APPLICATIONS_NEXT_ROUND")
    draft = await first.draft(50_000)
    await first.end()
    today = berlin_day(await funds.now())
    days = {"opens_on": (today + timedelta(days=3)).isoformat(), "closes_on": (today + timedelta(days=9)).isoformat()}
    plan = {"budget_id": first.pot.budget_id, "name": "Zweite Runde"} | days
    second = (await funds.call("RoundService/PlanRound", plan, OFFICE)).round
    submitted = await first.submit(draft)
    assert (submitted.round_id, submitted.rules.cap_cents) == (second.id, 100_000)
    lower = RULES | {"late": "LATE_APPLICATIONS_NEXT_ROUND", "cap_cents": 30_000}
    change = {"fund_id": first.pot.fund_id, "rules": lower, "reason": "Beschluss"}
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    assert (await first.read(draft)).rules.cap_cents == 100_000
    await funds.move_clock(second.opens_at.ToDatetime(UTC))
    opened = (await funds.call("RoundService/GetRound", {"round_id": second.id}, OFFICE)).round
    assert opened.rules.cap_cents == (await first.read(draft)).rules.cap_cents == 30_000


async def test_a_draft_of_when_a_fund_took_them_at_any_time_needs_a_round_now(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    rolling = {"fund_id": call.pot.fund_id, "rules": RULES | {"rolling": True}, "reason": "Beschluss"}
    await funds.call("FundService/ChangeFundRules", rolling, OFFICE)
    form = a_form(call.closes_at.date() + timedelta(days=60), 50_000)
    request = {"fund_id": call.pot.fund_id, "region": REGION, "form": form}
    drafted = await funds.call("ApplicationService/DraftApplication", request, APPLICANT, sub="anna")
    await funds.call("FundService/ChangeFundRules", rolling | {"rules": RULES}, OFFICE)
    with refused("ROUND_NEEDED", "INVALID_ARGUMENT", "round_id"):
        await call.submit(drafted.application)
