"""Assemblies and written procedures in a running service: the same award, the same bounds, other ways to a majority."""

from chassis.ports import Role, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds_round import JURY, a_call
from tests.support.funds_sitting import ASSEMBLY, an_assembly, balance, count, item, opened, plan_in_writing, recounted

OPEN, CLOSED = 3, 4
ITEM_OPEN, AWARDED, DECLINED = 1, 2, 3


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
