"""From the application to the award in a running service: quorum, recusal, votes, and the last euros of a pot."""

import asyncio
from datetime import UTC
from typing import Any

import pytest

from chassis.ports import new_id
from chassis.refusals import Refusal
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.actor import MongoKnownRelations
from services.funds.domain.known_actor import KnownRelation
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, Pot, a_pot, move
from tests.support.funds_grant import award
from tests.support.funds_round import JURY, Round, a_call, a_known_actor, related

AWARDED, DECLINED, DEFERRED = 2, 3, 4
APPROVED_, DECLINED_, DEFERRED_, CANCELLED_, SCHEDULED_, ADMISSIBLE_ = 7, 8, 9, 11, 6, 4


async def balance(funds: Started, pot: Pot) -> tuple[int, int]:
    budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
    return budget.available_cents, budget.committed_cents


async def facts(funds: Started, id: str) -> list[str]:
    return [message.fact for message in await funds.said(id)]


def item(session: Any, application: Any) -> Any:
    return next(item for item in session.agenda if item.application_id == application.id)


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


async def ready_for_the_last_euros(funds: Started) -> tuple[list[Round], list[Any]]:
    """Two sessions of two juries' worth of votes, and a pot that holds enough for one of the two awards."""
    call = await a_call(funds)
    applications = [await call.apply(80_000), await call.apply(80_000)]
    await call.begin(*applications)
    for application in applications:
        await call.vote(application, "yes", "yes", "yes")
    await move(funds, "Cut", call.pot, 1_300_000 - 100_000)
    return [call, call], applications


async def test_two_awards_at_once_never_exceed_the_pot(funds: Started) -> None:
    calls, applications = await ready_for_the_last_euros(funds)
    outcomes = await asyncio.gather(
        *(call.conclude(application) for call, application in zip(calls, applications, strict=True)),
        return_exceptions=True,
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [(outcome.code, outcome.reason, outcome.details) for outcome in failed] == [
        ("FAILED_PRECONDITION", "BUDGET_EXCEEDED", {"available_cents": "20000"})
    ]
    assert await balance(funds, calls[0].pot) == (20_000, 80_000)
    states = sorted([(await calls[0].read(application)).status for application in applications])
    assert states == [SCHEDULED_, APPROVED_]


async def test_two_sessions_at_once_never_exceed_the_pot(funds: Started) -> None:
    first = await a_call(funds)
    applications = [await first.apply(80_000), await first.apply(80_000)]
    await first.begin(applications[0])
    second = Round(**{name: getattr(first, name) for name in Round.__dataclass_fields__} | {"session_id": ""})
    await second.begin(applications[1])
    for call, application in zip((first, second), applications, strict=True):
        await call.vote(application, "yes", "yes", "yes")
    await move(funds, "Cut", first.pot, 1_300_000 - 80_000)
    outcomes = await asyncio.gather(
        first.conclude(applications[0]), second.conclude(applications[1]), return_exceptions=True
    )
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)] == ["BUDGET_EXCEEDED"]
    assert await balance(funds, first.pot) == (0, 80_000)


async def test_a_carried_motion_that_no_longer_fits_leaves_its_item_open(funds: Started) -> None:
    calls, applications = await ready_for_the_last_euros(funds)
    call, (one, other) = calls[0], applications
    await call.conclude(one)
    with refused("BUDGET_EXCEEDED", "FAILED_PRECONDITION"):
        await call.conclude(other)
    await call.vote(other, "yes", "yes", "yes", cents=20_000)
    assert item(await call.conclude(other), other).status == AWARDED
    assert await balance(funds, call.pot) == (0, 100_000)


async def test_the_same_request_awards_once(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes")
    request_id = "0189f7a0-0000-7000-8000-000000000001"
    first = await call.conclude(application, request_id=request_id)
    assert await call.conclude(application, request_id=request_id) == first
    assert await balance(funds, call.pot) == (1_220_000, 80_000)


async def test_a_member_of_what_the_applicant_operates_is_recused(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    await related(funds, "operates", carrier, house)
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application, other = await call.apply(80_000, carrier), await call.apply(50_000)
    session = await call.begin(application, other)
    assert [r.member_id for r in item(session, application).recusals] == [call.members[-1]]
    assert not item(session, other).recusals
    await call.vote(application)
    vote = {"application_id": application.id, "choice": "CHOICE_YES"}
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("CastVote", JURY, sub=call.subs[-1], **vote)
    by_hand = vote | {"member_id": call.members[-1], "reason": "per Hand"}
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("EnterVote", **by_hand)


async def test_a_member_is_recused_though_the_applicant_has_more_relations_than_a_page(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    store = funds.running.service.store
    relations = MongoKnownRelations(store)

    async def many(tx: StoreTransaction) -> None:
        for _ in range(500):
            await relations.put(tx, KnownRelation(new_id(), "member_of", new_id(), carrier))

    await store.transact(many)
    await related(funds, "operates", carrier, house)
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, carrier)
    session = await call.begin(application)
    assert [recusal.member_id for recusal in item(session, application).recusals] == [call.members[-1]]


async def test_a_relation_that_becomes_known_during_the_session_takes_the_vote_back(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, carrier)
    await call.begin(application)
    await call.vote(application, "yes", "no", "abstain", "no", "yes")
    await related(funds, "operates", carrier, house)
    session = await call.conclude(application)
    assert item(session, application).tally.yes == 1
    assert item(session, application).status == DECLINED


async def test_a_member_steps_back_by_their_own_word(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    session = await call.act(
        "DeclareRecusal", JURY, sub=call.subs[1], application_id=application.id, reason="Nachbarin"
    )
    assert [vote.member_id for vote in item(session, application).votes] == call.members[:1]


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


async def test_above_the_cap_only_by_a_recorded_resolution_that_the_rules_allow(funds: Started) -> None:
    strict = await a_call(funds)
    application = await strict.apply(110_000)
    await strict.begin(application)
    await strict.vote(application, "yes", "yes", "yes")
    with refused("CAP_EXCEEDED", "FAILED_PRECONDITION"):
        await strict.conclude(application)
    with refused("CAP_HAS_NO_EXCEPTION", "FAILED_PRECONDITION"):
        await strict.act("ResolveException", application_id=application.id, reason="einmalig")
    generous = await a_call(funds, cap_exception_allowed=True)
    application = await generous.apply(110_000)
    await generous.begin(application)
    await generous.vote(application, "yes", "yes", "yes")
    with refused("CAP_EXCEEDED", "FAILED_PRECONDITION"):
        await generous.conclude(application)
    await generous.act("ResolveException", application_id=application.id, reason="einmalig")
    assert item(await generous.conclude(application), application).approved_cents == 110_000


async def test_a_vote_belongs_to_the_members_own_token(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application)
    vote = {"application_id": application.id, "choice": "CHOICE_YES"}
    with refused("NO_SEAT", "PERMISSION_DENIED"):
        await call.act("CastVote", JURY, sub="somebody", **vote)
    with refused("NOT_THE_CHAIR", "PERMISSION_DENIED"):
        fields = vote | {"member_id": call.members[2], "reason": "für sie"}
        await call.act("EnterVote", JURY, sub=call.subs[1], **fields)
    by_chair = vote | {"member_id": call.members[1], "reason": "per Hand"}
    session = await call.act("EnterVote", JURY, sub=call.subs[0], **by_chair)
    assert [(v.by, v.reason) for v in item(session, application).votes] == [(call.subs[0], "per Hand")]


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


async def test_the_office_decides_where_the_rules_leave_it_to_the_office(funds: Started) -> None:
    call = await a_call(funds, seats=0, decision_body="DECISION_BODY_OFFICE", jury_size=0, quorum_percent=0)
    one, other = await call.apply(80_000), await call.apply(50_000)
    for application in (one, other):
        await call.check("AdmitApplication", application)
    await call.end()
    award = {"budget_id": call.pot.budget_id, "amount_cents": 70_000}
    assert (await call.check("AwardApplication", one, **award)).outcome == "reduced"
    assert (await call.check("DeclineApplication", other, reason="kein Kiezbezug")).status == DECLINED_
    assert await balance(funds, call.pot) == (1_230_000, 70_000)
    jury = await a_call(funds)
    application = await jury.apply(80_000)
    with refused("DECIDED_BY_ANOTHER", "FAILED_PRECONDITION"):
        await jury.check("AwardApplication", application, **award)


async def test_a_cancelled_grant_cancels_its_application_and_frees_the_money(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant_id = item(await call.conclude(application), application).grant_id
    cancel = {"grant_id": grant_id, "reason": "findet nicht statt"}
    await funds.call("GrantService/CancelGrant", cancel, OFFICE, sub="office")
    cancelled = await call.read(application)
    assert (cancelled.status, cancelled.course[-1].reason) == (CANCELLED_, "findet nicht statt")
    assert await balance(funds, call.pot) == (1_300_000, 0)


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


async def test_many_awards_at_once_give_out_the_pot_and_not_a_cent_more(funds: Started) -> None:
    call = await a_call(funds, seats=3)
    applications = [await call.apply(30_000) for _ in range(8)]
    await call.begin(*applications)
    for application in applications:
        await call.vote(application, "yes", "yes")
    await move(funds, "Cut", call.pot, 1_300_000 - 100_000)
    outcomes = await asyncio.gather(*(call.conclude(a) for a in applications), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    assert refusals == ["BUDGET_EXCEEDED"] * 5
    assert await balance(funds, call.pot) == (10_000, 90_000)


@pytest.mark.timeout(180)
async def test_two_hundred_awards_at_once_give_out_the_pot_and_not_a_cent_more(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=190 * 50_000)
    outcomes = await asyncio.gather(*(award(funds, pot) for _ in range(200)), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refusals == ["BUDGET_EXCEEDED"] * 10
    assert await balance(funds, pot) == (0, 190 * 50_000)
    assert (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct


async def test_impossible_times_are_refused_with_their_field(funds: Started) -> None:
    call = await a_call(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "ends_at"):
        await call.plan(ends_at="9999-12-31T23:59:59Z")
    with refused("SESSION_TIMES_WRONG", "INVALID_ARGUMENT", "starts_at"):
        await call.plan(starts_at="2001-01-01T10:00:00Z")
