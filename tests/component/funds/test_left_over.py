"""What would be left over in a running service: rounds that are called off or need no session, mistakes of the formal check, drafts."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from chassis.ports import berlin_day, end_of_day
from tests.component.funds.test_assembly import in_writing
from tests.component.funds.test_region_page import pot_of
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, REGION, RULES, a_pot
from tests.support.funds_round import APPLICANT, BY_OFFICE, Round, a_call, a_form, a_known_actor, related

SUBMITTED, NEEDS_INFO, ADMISSIBLE, INADMISSIBLE, SCHEDULED, APPROVED, DEFERRED, WITHDRAWN = 2, 3, 4, 5, 6, 7, 9, 10
DECIDED, PUBLISHED, CLOSED = 5, 6, 4


async def round_does(call: Round, what: str, **more: Any) -> Any:
    request = {"round_id": call.round_id, **more}
    return (await call.funds.call(f"RoundService/{what}Round", request, OFFICE, sub="office")).round


async def admitted(call: Round, cents: int = 80_000) -> Any:
    application = await call.apply(cents)
    return await call.check("AdmitApplication", application)


async def statuses(call: Round, *applications: Any) -> list[int]:
    return [(await call.read(application)).status for application in applications]


async def session_of(call: Round) -> Any:
    request = {"session_id": call.session_id}
    return (await call.funds.call("SessionService/GetSession", request, AUDITOR)).session


async def test_what_waits_in_a_round_that_is_called_off_is_refused_with_its_reason(funds: Started) -> None:
    call = await a_call(funds)
    handed_in, asked, on_agenda, gone = [await call.apply(cents) for cents in (80_000, 60_000, 50_000, 40_000)]
    draft = await call.draft()
    due = {"info_due_on": call.closes_at.date().isoformat()}
    await call.check("RequestInfo", asked, reason="Wo?", **due)
    await call.check("AdmitApplication", on_agenda)
    await call.plan(round_id="")
    await call.act("ScheduleApplications", application_ids=[on_agenda.id])
    await call.check("WithdrawApplication", gone, reason="doch nicht")
    await round_does(call, "Cancel", reason="Haushaltssperre")
    await funds.move_clock(await funds.now())
    assert await statuses(call, handed_in, asked, on_agenda, gone) == [INADMISSIBLE] * 3 + [WITHDRAWN]
    assert not (await session_of(call)).agenda
    mine = {"application_id": handed_in.id}
    told = await funds.call("ApplicationService/GetApplication", mine, APPLICANT, sub="anna")
    assert told.application.course[-1].reason == "Die Antragsrunde wurde abgesagt: Haushaltssperre"
    assert (await funds.said(handed_in.id))[-1].fact == "application_refused"
    with refused("APPLICATION_INADMISSIBLE", "FAILED_PRECONDITION"):
        await funds.call("ApplicationService/ResubmitApplication", {"application_id": asked.id}, APPLICANT, sub="anna")
    with refused("ROUND_CANCELLED", "FAILED_PRECONDITION"):
        await call.submit(draft)
    again = await call.check("ReadmitApplication", handed_in, reason="für die zweite Runde")
    assert again.status == ADMISSIBLE


async def test_a_round_that_is_called_off_leaves_nobody_behind_however_many_there_are(
    funds: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.funds.usecases.withdrawal.AT_ONCE", 2)
    call = await a_call(funds, seats=0)
    applications = [await call.apply(1_000) for _ in range(5)]
    await round_does(call, "Cancel", reason="kein Geld")
    await funds.move_clock(await funds.now())
    assert await statuses(call, *applications) == [INADMISSIBLE] * 5
    assert [len(await funds.said(one.id)) for one in applications] == [2] * 5


async def test_a_round_in_which_something_is_decided_is_not_called_off_and_not_opened_again(funds: Started) -> None:
    call = await a_call(funds, seats=0, pot=await a_pot(funds, **BY_OFFICE))
    application = await admitted(call)
    await call.end()
    award = {"budget_id": call.pot.budget_id, "amount_cents": 80_000}
    await call.check("AwardApplication", application, **award)
    with refused("ROUND_HAS_DECIDED", "FAILED_PRECONDITION"):
        await round_does(call, "Cancel", reason="kein Geld")
    later = ((await funds.now()).date() + timedelta(days=5)).isoformat()
    with refused("ROUND_HAS_DECIDED", "FAILED_PRECONDITION"):
        await round_does(call, "Reopen", closes_on=later, reason="zu früh")


async def test_an_office_decides_nothing_while_others_may_still_apply(funds: Started) -> None:
    call = await a_call(funds, seats=0, pot=await a_pot(funds, **BY_OFFICE))
    application = await admitted(call)
    award = {"budget_id": call.pot.budget_id, "amount_cents": 80_000}
    with refused("ROUND_OPEN", "FAILED_PRECONDITION"):
        await call.check("AwardApplication", application, **award)
    with refused("ROUND_OPEN", "FAILED_PRECONDITION"):
        await call.check("DeclineApplication", application, reason="nein")
    await call.end()
    assert (await call.check("AwardApplication", application, **award)).status == APPROVED


async def test_a_session_decides_nothing_of_a_round_that_goes_on(funds: Started) -> None:
    pot = await a_pot(funds)
    call, later = await a_call(funds, pot=pot), await a_call(funds, pot=pot, seats=0, days=30)
    own, lost, early = await admitted(call), await admitted(call, 60_000), await admitted(later)
    await call.plan(round_id="")
    with refused("ROUND_OPEN", "FAILED_PRECONDITION"):
        await call.act("ScheduleApplications", application_ids=[own.id, early.id])
    await call.act("ScheduleApplications", application_ids=[own.id, lost.id])
    await call.act("InviteJury")
    opens_on, closes_on = berlin_day(await funds.now()), berlin_day(call.closes_at) + timedelta(days=20)
    await round_does(call, "Reschedule", opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat())
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    await call.vote(own, "yes", "yes", "yes")
    await call.vote(lost, "no", "no", "no")
    for application in (own, lost):
        with refused("ROUND_OPEN", "FAILED_PRECONDITION"):
            await call.conclude(application)
    await funds.move_clock(end_of_day(closes_on))
    session = await call.conclude(own)
    assert session.agenda[0].grant_id


async def test_a_round_that_an_office_decided_is_concluded_without_a_session(funds: Started) -> None:
    call = await a_call(funds, seats=0, pot=await a_pot(funds, **BY_OFFICE))
    one, other = await admitted(call), await admitted(call, 50_000)
    await call.end()
    await call.check("AwardApplication", one, budget_id=call.pot.budget_id, amount_cents=80_000)
    with refused("ROUND_HAS_UNDECIDED", "FAILED_PRECONDITION"):
        await round_does(call, "Conclude")
    await call.check("DeclineApplication", other, reason="nein")
    assert (await round_does(call, "Conclude")).status == DECIDED
    assert (await round_does(call, "Publish")).status == PUBLISHED


async def test_a_round_is_not_published_over_what_a_correction_opened_again(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "no")
    await call.conclude(application)
    await round_does(call, "Conclude")
    wrong = {"application_id": application.id, "member_id": call.members[0], "choice": "CHOICE_NO"}
    await call.act("CorrectVote", **wrong, reason="verhört")
    with refused("ROUND_HAS_UNDECIDED", "FAILED_PRECONDITION"):
        await round_does(call, "Publish")
    await call.conclude(application)
    with refused("MINUTES_NOT_APPROVED", "FAILED_PRECONDITION"):
        await round_does(call, "Publish")
    await call.act("CloseSession")
    with refused("MINUTES_NOT_APPROVED", "FAILED_PRECONDITION"):
        await round_does(call, "Publish")
    await call.act("ApproveMinutes")
    assert (await round_does(call, "Publish")).status == PUBLISHED


async def test_a_round_is_not_published_before_the_minutes_of_a_session_that_was_planned_without_it(
    funds: Started,
) -> None:
    call = await a_call(funds)
    application = await admitted(call)
    await call.end()
    await call.plan(round_id="")
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    await call.vote(application, "no", "no", "no")
    await call.conclude(application)
    await round_does(call, "Conclude")
    with refused("MINUTES_NOT_APPROVED", "FAILED_PRECONDITION"):
        await round_does(call, "Publish")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    assert (await round_does(call, "Publish")).status == PUBLISHED


async def test_what_is_readmitted_after_its_round_was_decided_goes_to_a_later_session(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.end()
    await call.check("RefuseApplication", application, reason="Der Sitz liegt außerhalb.")
    await round_does(call, "Conclude")
    await round_does(call, "Publish")
    readmitted = await call.check("ReadmitApplication", application, reason="Der Widerspruch ist begründet.")
    assert (readmitted.status, readmitted.round_id) == (DEFERRED, call.round_id)
    await call.plan(round_id="")
    assert (await call.read(application)).status == SCHEDULED
    await call.act("CancelSession", reason="Saal gesperrt")
    assert (await call.read(application)).status == DEFERRED


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


async def test_a_session_opens_only_while_the_rules_leave_it_to_its_kind(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.end()
    await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    other = RULES | BY_OFFICE
    change = {"fund_id": call.pot.fund_id, "rules": other, "reason": "Beschluss"}
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    with refused("NO_JURY_FOR_FUND", "FAILED_PRECONDITION"):
        await call.act("OpenSession", present_member_ids=call.members[:1])


async def test_an_office_does_not_decide_what_stands_on_the_agenda_of_a_jury_since_the_rules_changed(
    funds: Started,
) -> None:
    call = await a_call(funds, seats=0, pot=await a_pot(funds, **BY_OFFICE))
    application = await admitted(call)
    await call.end()
    change = {"fund_id": call.pot.fund_id, "rules": RULES, "reason": "Beschluss"}
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    await call.seat(3)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    award = {"budget_id": call.pot.budget_id, "amount_cents": 80_000}
    with refused("APPLICATION_SCHEDULED", "FAILED_PRECONDITION"):
        await call.check("AwardApplication", application, **award)
    with refused("APPLICATION_SCHEDULED", "FAILED_PRECONDITION"):
        await call.check("DeclineApplication", application, reason="nein")
    await call.vote(application, "yes", "yes")
    await call.conclude(application)
    assert (await call.act("CloseSession")).status == CLOSED


async def test_whose_term_is_over_has_no_vote_in_writing_by_the_hand_of_the_chair_either(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True, seats=0)
    await call.seat(4)
    today = (await funds.now()).date()
    short = {"name": "Kurz", "email": "kurz@example.org", "seat": "SEAT_RESIDENT"}
    short |= {"from_on": today.isoformat(), "until_on": today.isoformat(), "jury_id": call.jury_id}
    gone = (await funds.call("JuryService/SeatMember", short, OFFICE)).jury.members[-1].id
    application = await call.apply(30_000)
    await in_writing(call, application)
    await call.vote(application, "yes")
    with refused("MEMBER_NOT_SITTING", "FAILED_PRECONDITION"):
        await call.act("EnterVote", application_id=application.id, member_id=gone, choice="CHOICE_YES", reason="Brief")


async def test_whom_nobody_gave_a_reason_reads_that_there_was_no_majority(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "no")
    await call.conclude(application)
    request = {"application_id": application.id}
    mine = await funds.call("ApplicationService/GetApplication", request, APPLICANT, sub="anna")
    assert mine.application.course[-1].reason == "Der Antrag fand keine Mehrheit."


async def test_minutes_say_the_amount_that_a_mended_decision_gives(funds: Started) -> None:
    call = await a_call(funds)
    lower, nothing, later = [await call.apply(cents) for cents in (80_000, 60_000, 50_000)]
    await call.begin(lower, nothing, later)
    for application in (lower, nothing, later):
        await call.vote(application, "yes", "yes", "yes")
        await call.conclude(application)
    await call.check("ReviseDecision", lower, amount_cents=45_000, reason="Tippfehler")
    await call.act("CloseSession")
    await call.check("ReviseDecision", nothing, reason="Verwechslung")
    await call.act("ApproveMinutes")
    minutes = (await funds.said(call.session_id))[-1]
    assert [result["approved_cents"] for result in minutes.body["results"]] == [45_000, 0, 50_000]
    assert minutes.body["approved_cents"] == 95_000
    recount = await funds.call("SessionService/RecomputeSession", {"session_id": call.session_id}, AUDITOR)
    assert recount.agrees
    # What was resolved stays as it was told; that it was mended afterwards is told of the grant.
    await call.check("ReviseDecision", later, amount_cents=20_000, reason="Tippfehler")
    assert (await session_of(call)).agenda[2].approved_cents == 50_000


async def test_minutes_are_not_approved_over_a_quorum_that_rests_on_a_bias(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, carrier)
    await call.begin(application)
    await call.act("RecordAttendance", present_member_ids=[*call.members[:2], call.members[4]])
    await call.vote(application, "yes", "yes")
    await call.conclude(application)
    await call.act("CloseSession")
    await related(funds, "operates", carrier, house)
    with refused("RECUSAL_FOUND", "FAILED_PRECONDITION"):
        await call.act("ApproveMinutes")
    biased = {"application_id": application.id, "member_id": call.members[4], "reason": "Träger des Hauses"}
    await call.act("EnterRecusal", **biased)
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await call.conclude(application)
    await call.act("DeferItem", application_id=application.id, reason="nicht beschlussfähig")
    await call.act("CloseSession")
    assert (await call.act("ApproveMinutes")).status == 5


async def test_what_was_put_off_lands_elsewhere_when_its_session_is_called_off(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.act("DeferItem", application_id=application.id, reason="Fragen sind offen")
    sessions = []
    for _ in range(2):
        later = Round(**{name: getattr(call, name) for name in Round.__dataclass_fields__})
        await later.plan()
        sessions.append(later)
    assert (await call.read(application)).session_id == sessions[0].session_id
    await sessions[0].act("CancelSession", reason="Saal gesperrt")
    landed = await call.read(application)
    assert (landed.status, landed.session_id) == (SCHEDULED, sessions[1].session_id)
    await sessions[1].act("CancelSession", reason="Saal gesperrt")
    assert (await call.read(application)).status == DEFERRED


async def test_a_member_who_voted_and_left_the_jury_is_still_looked_at(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    call = await a_call(funds, seats=0)
    await call.seat(4)
    application = await call.apply(80_000, carrier)
    member = {"name": "Kurz", "email": "kurz@example.org", "seat": "SEAT_RESIDENT", "sub": f"kurz-{call.round_id}"}
    term = {"from_on": (await funds.now()).date().isoformat(), "jury_id": call.jury_id, "affiliations": [house]}
    await call.end()
    await call.check("AdmitApplication", application)
    session = await call.plan()
    last = berlin_day(session.starts_at.ToDatetime(UTC)).isoformat()
    seated = await funds.call("JuryService/SeatMember", member | term | {"until_on": last}, OFFICE)
    short = seated.jury.members[-1].id
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=[*call.members, short])
    await call.vote(application, "yes", "no")
    by_hand = {"member_id": short, "choice": "CHOICE_YES", "reason": "per Hand"}
    await call.act("EnterVote", application_id=application.id, **by_hand)
    await related(funds, "operates", carrier, house)
    await funds.move_clock(call.session_at + timedelta(days=1))
    done = await call.conclude(application)
    assert done.agenda[0].tally.yes == 1


async def test_nobody_loses_the_seat_from_which_they_may_have_voted_and_votes_again_from_another(
    funds: Started,
) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    today = berlin_day(await funds.now())
    gone = {"jury_id": call.jury_id, "member_id": call.members[1], "reason": "Umzug"}
    yesterday = (today - timedelta(days=1)).isoformat()
    with refused("SEAT_IS_IN_USE", "FAILED_PRECONDITION"):
        await funds.call("JuryService/UnseatMember", gone | {"last_day": yesterday}, OFFICE)
    await funds.call("JuryService/UnseatMember", gone | {"last_day": today.isoformat()}, OFFICE)
    await call.act("DeferItem", application_id=application.id, reason="Zeit ist um")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    gone["member_id"] = call.members[2]
    await funds.call("JuryService/UnseatMember", gone | {"last_day": yesterday}, OFFICE)


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
