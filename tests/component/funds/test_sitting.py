"""Who sits and votes in a running service, and what minutes rest on."""

from datetime import UTC, timedelta

from chassis.ports import berlin_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, RULES, a_pot
from tests.support.funds_round import APPLICANT, BY_OFFICE, Round, a_call, a_known_actor, related
from tests.support.funds_sitting import in_writing
from tests.support.funds_steps import admitted, session_of

SUBMITTED, NEEDS_INFO, ADMISSIBLE, INADMISSIBLE, SCHEDULED, APPROVED, DEFERRED, WITHDRAWN = 2, 3, 4, 5, 6, 7, 9, 10
DECIDED, PUBLISHED, CLOSED = 5, 6, 4


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
