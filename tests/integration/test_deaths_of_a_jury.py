"""A service dies behind every single write of a jury's work, from the formal check to the minutes: each application is decided once."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import berlin_day
from tests.support.city import City
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import APPLICANT
from tests.support.funds_round import Round, a_call
from tests.support.mortal import SPARED, WRITES, Mortal, a_mortal, said_once

pytestmark = pytest.mark.timeout(240)


async def test_whatever_write_it_dies_behind_a_jury_decides_once(city: City) -> None:
    async with a_mortal(city, spared=SPARED, behind=WRITES) as funds:
        there: Any = funds
        call = await a_call(there, seats=3, pot=await a_pot(there))
        granted, lost, put_off, gone = [await call.apply(cents) for cents in (40_000, 30_000, 20_000, 10_000)]
        await _checked(call, gone)
        await call.begin(granted, lost, put_off)
        await _sat(call, granted, lost, put_off)
        for step in ("ConcludeRound", "PublishRound"):
            await funds.call(f"RoundService/{step}", {"round_id": call.round_id}, OFFICE)
        later = await _called_off(funds, call)
        budget = (await funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
        assert (budget.committed_cents, budget.available_cents) == (30_000, 1_270_000)
        assert not (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).differences
        recount = await funds.call("SessionService/RecomputeSession", {"session_id": call.session_id}, AUDITOR)
        assert recount.agrees
        assert len(funds.deaths) > 20, funds.deaths
    said = await said_once(city, call.session_id, call.round_id, call.jury_id, granted.id, lost.id, later)
    assert said[call.session_id] == [
        *("session_planned", "session_invited", "session_opened"),
        *("session_closed", "session_reopened", "session_closed", "minutes_approved"),
    ]
    assert said[call.jury_id] == ["jury_member_seated"] * 3
    assert said[granted.id][-3:] == ["application_scheduled", "application_approved", "decision_revised"]
    assert said[lost.id][-3:] == ["application_declined", "decision_revised", "application_declined"]
    assert said[call.round_id] == [
        "round_planned",
        *(f"round_{end}" for end in ("opened", "closed", "decided", "published")),
    ]
    assert said[later] == ["round_planned", "round_rescheduled", "round_cancelled"]


async def _checked(call: Round, application: Any) -> None:
    """Asked back, answered, refused, readmitted and withdrawn."""
    due = {"reason": "Wo?", "info_due_on": call.closes_at.date().isoformat()}
    await call.check("RequestInfo", application, **due)
    again = {"application_id": application.id}
    await call.funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    await call.check("RefuseApplication", application, reason="nein")
    await call.check("ReadmitApplication", application, reason="doch")
    await call.check("WithdrawApplication", application, reason="doch nicht")


async def _sat(call: Round, granted: Any, lost: Any, put_off: Any) -> None:
    """One award that is mended, one refusal that is decided anew, one item that is put off."""
    await call.act("RecordAttendance", present_member_ids=call.members)
    await call.vote(granted, "yes", "yes", "no")
    await call.conclude(granted)
    await call.vote(lost, "no", "no")
    by_hand = {"application_id": lost.id, "member_id": call.members[2], "choice": "CHOICE_YES", "reason": "per Hand"}
    await call.act("EnterVote", **by_hand)
    await call.conclude(lost)
    await call.act("DeferItem", application_id=put_off.id, reason="Fragen sind offen")
    await call.check("ReviseDecision", granted, amount_cents=30_000, reason="Tippfehler")
    await call.act("CloseSession")
    await call.act("EnterRecusal", application_id=lost.id, member_id=call.members[2], reason="Nachbar")
    right = {"application_id": lost.id, "member_id": call.members[1], "choice": "CHOICE_ABSTAIN", "reason": "verhört"}
    await call.act("CorrectVote", **right)
    await call.conclude(lost)
    await call.act("CloseSession")
    await call.act("ApproveMinutes")


async def _called_off(funds: Mortal, call: Round) -> str:
    """A second round that is moved and called off, and a session that is; answers the round's id."""
    there: Any = funds
    second = await a_call(there, seats=0, pot=call.pot)
    await funds.call("RoundService/CancelRound", {"round_id": second.round_id, "reason": "kein Geld"}, OFFICE)
    today = berlin_day(await funds.now())
    days = {"opens_on": (today + timedelta(days=9)).isoformat(), "closes_on": (today + timedelta(days=19)).isoformat()}
    plan = {"budget_id": call.pot.budget_id, "name": "Später"}
    planned = (await funds.call("RoundService/PlanRound", plan | days, OFFICE)).round
    one = {"round_id": planned.id}
    await funds.call("RoundService/RescheduleRound", one | days, OFFICE)
    await funds.call("RoundService/CancelRound", one | {"reason": "kein Geld"}, OFFICE)
    held = call.session_id
    session = await call.plan(round_id="")
    when = {"starts_at": session.starts_at.ToJsonString(), "ends_at": session.ends_at.ToJsonString(), "place": "Aula"}
    await call.act("MoveSession", **when)
    await call.act("CancelSession", reason="Saal gesperrt")
    call.session_id = held
    return str(planned.id)
