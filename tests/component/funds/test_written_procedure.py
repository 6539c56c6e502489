"""A jury that decides in writing in a running service, and where what it puts off lands."""

from datetime import UTC, date, timedelta

import pytest

from chassis.ports import berlin_day, end_of_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, REGION
from tests.support.funds_round import JURY, Round, a_call
from tests.support.funds_sitting import balance, in_writing, item, plan_in_writing, read, recounted

OPEN, CLOSED = 3, 4
ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3


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
