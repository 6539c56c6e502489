"""How a round ends in a running service: called off, decided without a session, published late."""

from datetime import timedelta

import pytest

from chassis.ports import berlin_day, end_of_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import a_pot
from tests.support.funds_round import APPLICANT, BY_OFFICE, a_call
from tests.support.funds_steps import admitted, round_does, session_of, statuses

SUBMITTED, NEEDS_INFO, ADMISSIBLE, INADMISSIBLE, SCHEDULED, APPROVED, DEFERRED, WITHDRAWN = 2, 3, 4, 5, 6, 7, 9, 10
DECIDED, PUBLISHED, CLOSED = 5, 6, 4


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
