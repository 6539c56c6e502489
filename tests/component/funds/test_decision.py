"""From the application to the award in a running service: the whole way, quorum, what is public when, and moved sessions."""

from datetime import UTC
from typing import Any

from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_looks import balance, facts, item
from tests.support.funds_round import JURY, a_call, a_known_actor

AWARDED, DECLINED, DEFERRED = 2, 3, 4
APPROVED_, DECLINED_, DEFERRED_, CANCELLED_, SCHEDULED_, ADMISSIBLE_ = 7, 8, 9, 11, 6, 4


async def test_a_round_from_the_application_to_the_award(funds: Started) -> None:
    call = await a_call(funds)
    actor_id = await a_known_actor(funds)
    festival = await call.apply(80_000, actor_id)
    garden, mural, walk = await call.apply(60_000), await call.apply(50_000), await call.apply(40_000)
    await call.begin(festival, garden, mural, walk)
    await call.vote(festival, "yes", "yes", "yes", "no", "abstain")
    session = await call.conclude(festival)
    grant_id = item(session, festival).grant_id
    await call.vote(garden, "yes", "yes", "yes", cents=45_000, conditions=["Nur Pflanzen"])
    await call.conclude(garden)
    await call.vote(mural, "yes", "no")
    await call.conclude(mural, reason="zu wenig Nachbarn")
    await call.act("DeferItem", application_id=walk.id, reason="Fragen sind offen")
    assert await balance(funds, call.pot) == (1_300_000 - 125_000, 125_000)
    states = [(a.status, a.outcome, a.approved_cents) for a in [await call.read(x) for x in (festival, garden, mural)]]
    assert states == [(APPROVED_, "full", 80_000), (APPROVED_, "reduced", 45_000), (DECLINED_, "", 0)]
    assert (await call.read(walk)).status == DEFERRED_

    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    recount = await funds.call("SessionService/RecomputeSession", {"session_id": call.session_id}, AUDITOR)
    assert recount.agrees
    assert [line.recounted for line in recount.items] == [AWARDED, AWARDED, DECLINED]
    assert await facts(funds, call.session_id) == [
        "session_planned",
        "session_invited",
        "session_opened",
        "session_closed",
        "minutes_approved",
    ]
    minutes = (await funds.said(call.session_id))[-1]
    assert minutes.subject.startswith("kiez.pub.")
    assert [result["outcome"] for result in minutes.body["results"]] == ["awarded", "awarded", "declined", "deferred"]
    assert minutes.body["approved_cents"] == 125_000
    assert await facts(funds, festival.id) == [
        "application_submitted",
        "application_admitted",
        "application_scheduled",
        "application_approved",
    ]
    awarded = (await funds.said(grant_id))[0]
    assert (awarded.fact, awarded.body["state"]["recipient_name"]) == ("grant_awarded", "Kiezgarten e. V.")
    concluded = await funds.call("RoundService/ConcludeRound", {"round_id": call.round_id}, OFFICE)
    assert concluded.round.status == 5
    check = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    assert not check.differences


async def test_a_private_persons_award_names_nobody(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(30_000, title="Annas Beet", goals=["Anna pflanzt"])
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant_id = item(await call.conclude(application), application).grant_id
    said = [*await funds.said(grant_id), *await funds.said(call.session_id), *await funds.said(application.id)]
    outside = [message for message in said if message.subject.startswith("kiez.pub.")]
    assert outside
    assert not any("Anna" in str(message.body) or "anna" in str(message.body) for message in outside)
    assert not any("example.org" in str(message.body) or "Beispiel" in str(message.body) for message in said)


async def test_without_a_quorum_nothing_opens_and_nothing_is_decided(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await call.begin(application, present=2)
    await call.act("OpenSession", present_member_ids=call.members[:3])
    await call.vote(application, "yes", "yes", "yes")
    await call.act("RecordAttendance", present_member_ids=call.members[:2])
    with refused("NOT_QUORATE", "FAILED_PRECONDITION"):
        await call.conclude(application)
    assert await balance(funds, call.pot) == (1_300_000, 0)
    with refused("MEMBER_NOT_PRESENT", "FAILED_PRECONDITION"):
        await call.act("CastVote", JURY, sub=call.subs[2], application_id=application.id, choice="CHOICE_NO")


async def test_the_public_sees_dates_first_and_totals_last(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "no")
    await call.conclude(application)

    async def shown() -> Any:
        return (await funds.call("SessionService/GetSession", {"session_id": call.session_id})).session

    assert (await shown()).place == "Rathaus Lichtenberg"
    assert not (await shown()).agenda
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    line = (await shown()).agenda[0]
    assert (line.application_id, line.title, list(line.votes)) == ("", "", [])
    assert (line.tally.yes, line.tally.no, line.approved_cents) == (2, 1, 80_000)


async def test_a_session_that_moves_tells_everyone_and_one_that_is_cancelled_frees_its_items(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.end()
    await call.check("AdmitApplication", application)
    session = await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    ends_at = session.ends_at.ToJsonString()
    later = {"starts_at": ends_at, "ends_at": ends_at, "place": "Aula"}
    with refused("SESSION_TIMES_WRONG", "INVALID_ARGUMENT", "ends_at"):
        await call.act("MoveSession", **later)
    later["starts_at"] = session.starts_at.ToJsonString()
    with refused("ETAG_MISMATCH", "ABORTED"):
        await call.act("MoveSession", **later, etag="1")
    await call.act("MoveSession", **later)
    assert (await facts(funds, call.session_id))[-2:] == ["session_moved", "session_invited"]
    await call.act("CancelSession", reason="Saal gesperrt")
    assert (await call.read(application)).status == ADMISSIBLE_
    assert (await facts(funds, application.id))[-3:] == [
        "application_scheduled",
        "application_scheduled",
        "application_unscheduled",
    ]


async def test_a_withdrawn_application_leaves_the_agenda(funds: Started) -> None:
    call = await a_call(funds)
    one, other = await call.apply(80_000), await call.apply(50_000)
    await call.begin(one, other)
    request = {"application_id": one.id, "reason": "doch nicht"}
    await funds.call("ApplicationService/WithdrawApplication", request, OFFICE)
    with refused("ITEM_CONCLUDED", "FAILED_PRECONDITION"):
        await call.act("PutMotion", application_id=one.id, amount_cents=1)
    await call.act("DeferItem", application_id=other.id, reason="Zeit ist um")
    assert (await call.act("CloseSession")).status == 4


async def test_only_what_belongs_together_makes_a_session(funds: Started) -> None:
    one, other = await a_call(funds), await a_call(funds)
    with refused("SESSION_PARTS_DIFFER", "INVALID_ARGUMENT", "budget_id"):
        await one.plan(budget_id=other.pot.budget_id)
    with refused("SESSION_PARTS_DIFFER", "INVALID_ARGUMENT", "round_id"):
        await one.plan(round_id=other.round_id)
    application = await other.apply(80_000)
    await other.end()
    await other.check("AdmitApplication", application)
    await one.plan()
    with refused("APPLICATION_ELSEWHERE", "FAILED_PRECONDITION"):
        await one.act("ScheduleApplications", application_ids=[application.id])


async def test_who_decided_is_kept_with_the_grant(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant_id = item(await call.conclude(application), application).grant_id
    grant = (await funds.call("GrantService/GetGrant", {"grant_id": grant_id}, OFFICE)).grant
    assert set(grant.decided_by) == {*call.subs[:2], "office"}


async def test_a_deferred_application_is_decided_by_a_later_session(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.act("DeferItem", application_id=application.id, reason="Fragen sind offen")
    await call.act("CloseSession")
    await funds.call("RoundService/ConcludeRound", {"round_id": call.round_id}, OFFICE)
    session = await call.plan()
    assert session.status == 1
    await call.act("ScheduleApplications", application_ids=[application.id])
    await call.act("InviteJury")
    await funds.move_clock(session.starts_at.ToDatetime(UTC))
    await call.act("OpenSession", present_member_ids=call.members)
    await call.vote(application, "yes", "yes")
    assert item(await call.conclude(application), application).status == AWARDED


async def test_impossible_times_are_refused_with_their_field(funds: Started) -> None:
    call = await a_call(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "ends_at"):
        await call.plan(ends_at="9999-12-31T23:59:59Z")
    with refused("SESSION_TIMES_WRONG", "INVALID_ARGUMENT", "starts_at"):
        await call.plan(starts_at="2001-01-01T10:00:00Z")
