"""The invariants of rounds and sessions, each with two commands interleaved at every step, on two replicas."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import Role
from tests.support.client import Refused
from tests.support.funds import OFFICE
from tests.support.funds_interleaved import calling
from tests.support.funds_round import JURY, a_call
from tests.support.interleaving import Command, Replicas, at_every_step

pytestmark = pytest.mark.timeout(300)


async def test_a_cancelled_round_takes_no_application(both: Replicas) -> None:
    applied: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        call = await a_call(both.one, seats=0, days=60)
        draft = await call.draft()
        applied[:] = [draft]
        contact = {"contact_name": "Anna Beispiel", "contact_email": f"{draft.id[-12:]}@example.org"}
        return (
            calling(both.one, "ApplicationService/SubmitApplication", Role("applicant"), sub="anna",
                     application_id=draft.id, **contact),
            calling(both.two, "RoundService/CancelRound", round_id=call.round_id, reason="kein Geld"),
        )  # fmt: skip

    async for outcome in at_every_step(prepare):
        told = [message.fact for message in await both.one.said(applied[0].id)]
        if isinstance(outcome.first, Refused):
            assert told == []
        else:
            # It was in first: whoever cancels had to wait for it, and saw it.
            assert outcome.met
            assert told[0] == "application_submitted"


async def test_no_award_rests_on_a_recused_vote_or_on_no_quorum(both: Replicas) -> None:
    call = await a_call(both.one, seats=2, quorum_percent=60)
    applications = [await call.apply(1_000) for _ in range(24)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])
    await call.act("InviteJury")
    assert call.session_at is not None
    await both.reach(call.session_at + timedelta(minutes=1))
    await call.act("OpenSession", present_member_ids=call.members)
    item: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        item[:] = [applications.pop()]
        await call.vote(item[0], "yes", "yes")
        this = {"session_id": call.session_id, "application_id": item[0].id}
        recusal = {**this, "reason": "Vorstand des Antragstellers"}
        return (
            calling(both.one, "SessionService/ConcludeItem", **this),
            calling(both.two, "SessionService/DeclareRecusal", JURY, sub=call.subs[0], **recusal),
        )

    async for outcome in at_every_step(prepare):
        seen = (await both.one.call("SessionService/GetSession", {"session_id": call.session_id}, OFFICE)).session
        (decided,) = [one for one in seen.agenda if one.application_id == item[0].id]
        if decided.grant_id:
            # Whoever is recused after the decision is told so; the decision rests on two votes.
            assert outcome.done == 1, outcome
        else:
            assert not isinstance(outcome.second, Exception), outcome


async def test_an_application_is_on_one_agenda_alone(both: Replicas) -> None:
    call = await a_call(both.one, seats=1)
    applications = [await call.apply(1_000) for _ in range(16)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    sessions = [(await call.plan()).id for _ in range(2)]
    on: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        on[:] = [applications.pop().id]
        rpc = "SessionService/ScheduleApplications"
        return (
            calling(both.one, rpc, session_id=sessions[0], application_ids=on),
            calling(both.two, rpc, session_id=sessions[1], application_ids=on),
        )

    async for outcome in at_every_step(prepare):
        seen = [
            (await both.one.call("SessionService/GetSession", {"session_id": id}, OFFICE)).session for id in sessions
        ]
        assert outcome.done == 1
        assert sum(item.application_id == on[0] for session in seen for item in session.agenda) == 1


async def test_what_is_put_off_while_the_next_session_is_planned_stands_on_its_agenda(both: Replicas) -> None:
    call = await a_call(both.one, seats=1)
    applications = [await call.apply(1_000) for _ in range(24)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])
    await call.act("InviteJury")
    assert call.session_at is not None
    await both.reach(call.session_at + timedelta(minutes=1))
    await call.act("OpenSession", present_member_ids=call.members)
    begins = await both.one.now() + timedelta(days=3)
    plan = {"jury_id": call.jury_id, "budget_id": call.pot.budget_id, "title": "Jurysitzung", "place": "Rathaus"}
    plan |= {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat()}
    put_off: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        put_off.append(applications.pop())
        this = {"session_id": call.session_id, "application_id": put_off[-1].id, "reason": "Fragen sind offen"}
        return (
            calling(both.one, "SessionService/DeferItem", **this),
            calling(both.two, "SessionService/PlanSession", **plan),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 2, outcome
        planned = outcome.second.session.id
        assert (await call.read(put_off[-1])).session_id == planned
        await both.one.call("SessionService/InviteJury", {"session_id": planned}, OFFICE)
