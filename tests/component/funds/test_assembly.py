"""Assemblies and written procedures in a running service: the same award, the same bounds, other ways to a majority."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest

from chassis.ports import Role, berlin_day, end_of_day, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.count import from_record
from tests.support.funds import AUDITOR, OFFICE, REGION
from tests.support.funds_round import JURY, Round, a_call

OPEN, CLOSED = 3, 4
ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3
ASSEMBLY: dict[str, Any] = {
    "decision_body": "DECISION_BODY_ASSEMBLY",
    "jury_size": 0,
    "quorum_percent": 0,
    "quorum_count": 10,
}


async def balance(call: Round) -> tuple[int, int]:
    budget = (await call.funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


async def an_assembly(call: Round, *applications: Any, **more: Any) -> Any:
    """Planned with a host, and with these applications on its agenda."""
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    begins = max(call.closes_at, await call.funds.now()) + timedelta(days=3)
    request = {
        "budget_id": call.pot.budget_id,
        "round_id": call.round_id,
        "title": "Kiezkassenversammlung",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=3)).isoformat(),
        "place": "Aula",
        "host_name": "Kim Beispiel",
        "host_email": f"{new_id()}@example.org",
    } | more
    planned = (await call.funds.call("SessionService/PlanAssembly", request, OFFICE)).session
    call.session_id, call.session_at = planned.id, begins
    if applications:
        ids = [application.id for application in applications]
        planned = await call.act("ScheduleApplications", application_ids=ids)
    return planned


async def opened(call: Round, *applications: Any, attended: int = 30, **more: Any) -> Any:
    await an_assembly(call, *applications, **more)
    assert call.session_at is not None
    await call.funds.move_clock(call.session_at)
    return await call.act("OpenAssembly", attended=attended)


async def count(call: Round, application: Any, yes: int, no: int, abstain: int = 0, cents: int = 0) -> Any:
    amount = cents or application.form.requested_cents
    await call.act("PutMotion", application_id=application.id, amount_cents=amount)
    return await call.act("CountHands", application_id=application.id, yes=yes, no=no, abstain=abstain)


def item(session: Any, application: Any) -> Any:
    return next(item for item in session.agenda if item.application_id == application.id)


async def recounted(call: Round) -> None:
    """The service's own recount, and that of other code from what an auditor reads, both agree with the record."""
    one = {"session_id": call.session_id}
    told = await call.funds.call("SessionService/RecomputeSession", one, AUDITOR)
    read = (await call.funds.call("SessionService/GetSession", one, AUDITOR)).session
    second = from_record(read)
    assert told.agrees
    assert {line.application_id for line in told.items} == set(second)
    assert all(recorded == counted for recorded, counted in second.values())


async def test_an_assembly_decides_by_counted_hands_on_project_and_amount(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    festival, garden, mural = [await call.apply(cents) for cents in (80_000, 60_000, 50_000)]
    session = await opened(call, festival, garden, mural)
    assert (session.status, session.attended, session.procedure.seats) == (OPEN, 30, 0)
    await count(call, festival, yes=20, no=5, abstain=5)
    assert item(await call.conclude(festival), festival).approved_cents == 80_000
    await count(call, garden, yes=10, no=15)
    await count(call, garden, yes=18, no=7, cents=40_000)
    assert item(await call.conclude(garden), garden).approved_cents == 40_000
    await count(call, mural, yes=12, no=12, abstain=6)
    assert item(await call.conclude(mural, reason="ein Patt"), mural).status == DECLINED
    assert await balance(call) == (1_180_000, 120_000)
    await recounted(call)
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    said = await funds.said(call.session_id)
    assert [message.fact for message in said] == [
        "session_planned",
        "session_opened",
        "session_closed",
        "minutes_approved",
    ]
    assert all(message.subject.startswith("kiez.pub.") for message in said)
    assert not any("Kim" in str(message.body) or "example.org" in str(message.body) for message in said)
    assert (said[0].body["state"]["kind"], said[1].body["present"]) == ("assembly", 30)
    shown = (await funds.call("SessionService/GetSession", {"session_id": call.session_id})).session
    assert (shown.host_ref, shown.host_sub, shown.agenda[0].tally.yes) == ("", "", 20)
    assert not shown.agenda[0].HasField("hands")


async def test_a_motion_is_counted_once_and_never_with_more_hands_than_people(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    application = await call.apply()
    await opened(call, application, attended=12)
    one = {"application_id": application.id}
    with refused("NO_MOTION", "FAILED_PRECONDITION"):
        await call.act("CountHands", **one, yes=3)
    with refused("MORE_HANDS_THAN_PEOPLE", "FAILED_PRECONDITION"):
        await count(call, application, yes=10, no=3)
    await call.act("RecordHeadcount", attended=13)
    await call.act("CountHands", **one, yes=10, no=3)
    with refused("COUNTED_ALREADY", "FAILED_PRECONDITION"):
        await call.act("CountHands", **one, yes=9, no=4)
    with refused("MOTION_CHANGED", "FAILED_PRECONDITION"):
        await call.act("CountHands", **one, yes=9, no=4, motion_number=7)
    with refused("SESSION_IS_ASSEMBLY", "FAILED_PRECONDITION"):
        await call.act("RecordAttendance", present_member_ids=[new_id()])
    with refused("SESSION_IS_ASSEMBLY", "FAILED_PRECONDITION"):
        await call.act("OpenSession", present_member_ids=[new_id()])
    with refused("NO_SEAT", "PERMISSION_DENIED"):
        await call.act("CastVote", JURY, sub="somebody", **one, choice="CHOICE_YES")
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "attended"):
        await call.act("RecordHeadcount", attended=0)
    await call.act("RecordHeadcount", attended=9)
    assert item(await call.conclude(application), application).tally.present == 13


async def test_a_count_of_hands_is_put_right_with_its_reason(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    application = await call.apply(80_000)
    await opened(call, application)
    await count(call, application, yes=15, no=10)
    await call.conclude(application)
    fields = {"application_id": application.id, "reason": "vertauscht", "yes": 10, "no": 15}
    session = await call.act("CorrectCount", **fields)
    assert item(session, application).status == ITEM_OPEN
    assert [count.before.yes for count in item(session, application).corrected_counts] == [15]
    assert await balance(call) == (1_300_000, 0)
    assert item(await call.conclude(application), application).status == DECLINED


async def test_too_few_people_open_no_assembly_and_conclude_nothing(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    application = await call.apply()
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await opened(call, application, attended=9)
    await call.act("OpenAssembly", attended=10)
    await call.act("RecordHeadcount", attended=9)
    await count(call, application, yes=9, no=0)
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await call.conclude(application)
    assert await balance(call) == (1_300_000, 0)


async def test_the_host_leads_the_assembly_and_nobody_else_of_the_juries(funds: Started) -> None:
    call = await a_call(funds, seats=0, **ASSEMBLY)
    application = await call.apply()
    host = f"host-{new_id()}"
    await opened(call, application, host_sub=host)
    motion = {"application_id": application.id, "amount_cents": 10_000}
    with refused("NOT_THE_CHAIR", "PERMISSION_DENIED"):
        await call.act("PutMotion", JURY, sub="somebody", **motion)
    with refused("NOT_THE_CHAIR", "PERMISSION_DENIED"):
        await call.act("PutMotion", Role("jury", regions=("01",)), sub=host, **motion)
    await call.act("PutMotion", JURY, sub=host, **motion)


async def test_each_kind_of_session_needs_its_rules(funds: Started) -> None:
    of_jury = await a_call(funds)
    with refused("NO_ASSEMBLY_FOR_FUND", "FAILED_PRECONDITION"):
        await an_assembly(of_jury)
    with refused("NO_WRITTEN_PROCEDURE", "FAILED_PRECONDITION"):
        await plan_in_writing(of_jury)
    contradiction = ASSEMBLY | {"written_procedure_allowed": True}
    with refused("RULES_CONTRADICT", "INVALID_ARGUMENT", "rules.written_procedure_allowed"):
        await a_call(funds, seats=0, **contradiction)


async def plan_in_writing(call: Round, days: int = 7, **more: Any) -> Any:
    begins = max(call.closes_at, await call.funds.now()) + timedelta(days=3)
    until = berlin_day(begins) + timedelta(days=days)
    request = {
        "jury_id": call.jury_id,
        "budget_id": call.pot.budget_id,
        "round_id": call.round_id,
        "title": "Umlaufverfahren",
        "starts_at": begins.isoformat(),
        "votes_until": until.isoformat(),
    } | more
    planned = (await call.funds.call("SessionService/PlanWrittenProcedure", request, OFFICE)).session
    call.session_id, call.session_at = planned.id, begins
    return planned


async def in_writing(call: Round, *applications: Any) -> Any:
    """Opened, with these applications."""
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await plan_in_writing(call)
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])
    await call.act("InviteJury")
    assert call.session_at is not None
    await call.funds.move_clock(call.session_at)
    return await call.act("OpenWrittenProcedure")


async def read(call: Round) -> Any:
    request = {"session_id": call.session_id}
    return (await call.funds.call("SessionService/GetSession", request, AUDITOR)).session


async def test_a_jury_decides_in_writing_and_the_clock_counts(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True, cap_exception_allowed=True)
    carried, lost, few, big = [await call.apply(cents) for cents in (80_000, 60_000, 50_000, 120_000)]
    session = await in_writing(call, carried, lost, few, big)
    ends_at = session.ends_at.ToDatetime(UTC)
    assert ends_at == end_of_day(berlin_day(ends_at) - timedelta(days=1))
    await call.vote(carried, "yes", "yes", "no")
    await call.vote(lost, "yes", "no", "no", "abstain")
    await call.vote(few, "yes", "yes")
    await call.vote(big, "yes", "yes", "yes", "yes")
    with refused("VOTING_GOES_ON", "FAILED_PRECONDITION"):
        await call.conclude(carried)
    await funds.move_clock(ends_at)
    session = await read(call)
    outcomes = [item(session, one).status for one in (carried, lost, few, big)]
    assert (session.status, outcomes) == (OPEN, [AWARDED, DECLINED, ITEM_OPEN, ITEM_OPEN])
    assert await balance(call) == (1_220_000, 80_000)
    await recounted(call)
    with refused("VOTING_IS_OVER", "FAILED_PRECONDITION"):
        await call.act("CastVote", JURY, sub=call.subs[3], application_id=few.id, choice="CHOICE_YES")
    with refused("VOTING_IS_OVER", "FAILED_PRECONDITION"):
        await call.act("PutMotion", application_id=big.id, amount_cents=1)
    with refused("VOTING_IS_OVER", "FAILED_PRECONDITION"):
        await call.act("ResolveException", application_id=big.id, reason="einmalig")
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await call.conclude(few)
    with refused("CAP_EXCEEDED", "FAILED_PRECONDITION"):
        await call.conclude(big)
    for left in (few, big):
        await call.act("DeferItem", application_id=left.id, reason="in der nächsten Sitzung")
    assert (await call.act("CloseSession")).status == CLOSED
    grant = await funds.call("GrantService/GetGrant", {"grant_id": item(session, carried).grant_id}, AUDITOR)
    assert set(grant.grant.decided_by) == {*call.subs[:3], "office"}


async def test_a_written_procedure_that_is_decided_whole_is_closed_by_the_clock(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True, seats=3)
    application = await call.apply(30_000)
    session = await in_writing(call, application)
    await call.vote(application, "yes", "yes")
    await funds.move_clock(session.ends_at.ToDatetime(UTC))
    assert (await read(call)).status == CLOSED
    assert (await funds.said(call.session_id))[-1].fact == "session_closed"
    await recounted(call)


async def test_a_long_agenda_in_writing_is_counted_so_many_at_a_time(
    funds: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.funds.usecases.concluding.AT_ONCE", 2)
    call = await a_call(funds, written_procedure_allowed=True, seats=3)
    applications = [await call.apply(10_000) for _ in range(5)]
    session = await in_writing(call, *applications)
    for application in applications[1:]:
        await call.vote(application, "yes", "yes")
    await funds.move_clock(session.ends_at.ToDatetime(UTC))
    counted = await read(call)
    assert [line.status for line in counted.agenda] == [ITEM_OPEN] + [AWARDED] * 4
    assert await balance(call) == (1_260_000, 40_000)
    await call.act("DeferItem", application_id=applications[0].id, reason="niemand hat abgestimmt")
    assert (await call.act("CloseSession")).status == CLOSED


async def test_in_writing_no_substitute_votes_and_a_recused_member_does_neither(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True, seats=0)
    await call.seat(4, seat="SEAT_SUBSTITUTE")
    application = await call.apply(30_000)
    await in_writing(call, application)
    await call.vote(application, "yes")
    vote = {"application_id": application.id, "choice": "CHOICE_NO"}
    with refused("SUBSTITUTE_HAS_NO_VOTE", "FAILED_PRECONDITION"):
        await call.act("CastVote", JURY, sub=call.subs[3], **vote)
    await call.act("DeclareRecusal", JURY, sub=call.subs[1], application_id=application.id)
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("EnterVote", **vote, member_id=call.members[1], reason="Brief")
    with refused("SESSION_IS_WRITTEN_PROCEDURE", "FAILED_PRECONDITION"):
        await call.act("RecordAttendance", present_member_ids=call.members[:2])


async def test_a_written_procedure_that_moves_still_ends_with_a_day(funds: Started) -> None:
    call = await a_call(funds, written_procedure_allowed=True)
    planned = await plan_in_writing(call)
    noon = planned.ends_at.ToDatetime(UTC) + timedelta(hours=12)
    later = {"starts_at": planned.starts_at.ToJsonString(), "ends_at": noon.isoformat(), "place": "Aula"}
    moved = await call.act("MoveSession", **later)
    assert moved.ends_at.ToDatetime(UTC) == end_of_day(berlin_day(noon))
    assert moved.place == "Umlaufverfahren"
    with refused("SESSION_TIMES_WRONG", "INVALID_ARGUMENT", "ends_at"):
        await plan_in_writing(call, votes_until=date(2026, 1, 1).isoformat())


async def test_what_is_deferred_lands_on_the_next_agenda_or_waits_for_it(funds: Started) -> None:
    call = await a_call(funds)
    first, second = await call.apply(), await call.apply(50_000)
    await call.begin(first, second)
    await call.act("DeferItem", application_id=first.id, reason="Fragen sind offen")
    assert (await call.read(first)).status == 9
    later = Round(**{name: getattr(call, name) for name in Round.__dataclass_fields__})
    planned = await later.plan()
    assert [line.application_id for line in planned.agenda] == [first.id]
    await call.act("DeferItem", application_id=second.id, reason="Fragen sind offen")
    landed = await call.read(second)
    assert (landed.status, landed.session_id) == (6, planned.id)
    assert [message.fact for message in await funds.said(second.id)][-2:] == [
        "application_deferred",
        "application_scheduled",
    ]
    assert [line.application_id for line in (await read(later)).agenda] == [first.id, second.id]
    again = await later.act("ScheduleApplications", application_ids=[first.id])
    assert len(again.agenda) == 2
    await call.act("CloseSession")
    await funds.call("RoundService/ConcludeRound", {"round_id": call.round_id}, OFFICE)
    assert planned.region == REGION
