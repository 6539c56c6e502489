"""What is over takes no command: each rpc that changes a round, an application or a session says in which state it is."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import berlin_day, new_id
from tests.support.city import Started
from tests.support.client import Refused
from tests.support.funds import OFFICE
from tests.support.funds_round import a_call, a_form


async def told(funds: Started, rpc: str, request: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refused:
        await funds.call(rpc, request, OFFICE, sub="office")
    assert refused.value.code == "FAILED_PRECONDITION", rpc
    return refused.value.reason


async def test_a_withdrawn_application_takes_no_command(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply()
    await call.check("WithdrawApplication", application, reason="doch nicht")
    day = (berlin_day(await funds.now()) + timedelta(days=90)).isoformat()
    one, why = {"application_id": application.id}, {"reason": "so beschlossen"}
    person = {"contact_name": "Anna Beispiel", "contact_email": "anna@example.org"}
    form = {"form": a_form(berlin_day(await funds.now()) + timedelta(days=90), 10_000)}
    commands: dict[str, dict[str, Any]] = {
        "ReviseApplication": form,
        "SubmitApplication": person,
        "ResubmitApplication": {},
        "RequestInfo": why | {"info_due_on": day},
        "AdmitApplication": {},
        "RefuseApplication": why,
        "ReadmitApplication": why,
        "WithdrawApplication": why,
        "ReviseDecision": why | {"amount_cents": 1},
    }
    found = {rpc: await told(funds, f"ApplicationService/{rpc}", one | more) for rpc, more in commands.items()}
    assert found == dict.fromkeys(commands, "APPLICATION_WITHDRAWN")


async def test_a_cancelled_round_takes_no_command(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    one, why = {"round_id": call.round_id}, {"reason": "so beschlossen"}
    await funds.call("RoundService/CancelRound", one | why, OFFICE)
    day = (berlin_day(await funds.now()) + timedelta(days=9)).isoformat()
    commands: dict[str, dict[str, Any]] = {
        "RescheduleRound": {"opens_on": day, "closes_on": day},
        "ReopenRound": why | {"closes_on": day},
        "CancelRound": why,
        "ConcludeRound": {},
        "PublishRound": {},
    }
    found = {rpc: await told(funds, f"RoundService/{rpc}", one | more) for rpc, more in commands.items()}
    assert found == dict.fromkeys(commands, "ROUND_CANCELLED")


async def test_no_timer_that_is_late_keeps_a_jury_waiting(funds: Started) -> None:
    call = await a_call(funds, seats=3)
    application = await call.apply()
    # The timer that closes the round does not fire.
    await funds.running.service.store.rows("timers").delete_many({"aggregate": call.round_id})
    opened = await call.begin(application)
    assert opened.status == 3
    said = [message.fact for message in await funds.said(call.round_id)]
    assert said == ["round_planned", "round_opened", "round_closed"]
    found = await funds.call("RoundService/GetRound", {"round_id": call.round_id})
    assert found.round.status == 4


async def test_a_closed_session_takes_corrections_alone(funds: Started) -> None:
    call = await a_call(funds, seats=3)
    application = await call.apply()
    await call.begin(application)
    await call.act("DeferItem", application_id=application.id, reason="Fragen sind offen")
    closed = await call.act("CloseSession")
    item, why = {"application_id": application.id}, {"reason": "so beschlossen"}
    member, there = {"member_id": call.members[0]}, {"present_member_ids": call.members}
    times = {"starts_at": closed.starts_at.ToJsonString(), "ends_at": closed.ends_at.ToJsonString(), "place": "Aula"}
    commands: dict[str, dict[str, Any]] = {
        "MoveSession": times,
        "ScheduleApplications": {"application_ids": [application.id]},
        "InviteJury": {},
        "OpenSession": there,
        "RecordAttendance": there,
        "PutMotion": item | {"amount_cents": 1},
        "ResolveException": item | why,
        "EnterVote": item | member | why | {"choice": "CHOICE_YES"},
        "ConcludeItem": item | {"request_id": new_id()},
        "DeferItem": item | why,
        "CloseSession": {},
        "CancelSession": why,
    }
    one = {"session_id": call.session_id}
    found = {rpc: await told(funds, f"SessionService/{rpc}", one | more) for rpc, more in commands.items()}
    assert found == dict.fromkeys(commands, "SESSION_CLOSED")
    others = {"OpenWrittenProcedure": {}, "OpenAssembly": {"attended": 9}, "RecordHeadcount": {"attended": 9}}
    others |= {"CountHands": item | {"yes": 1}, "CorrectCount": item | why | {"request_id": new_id()}}
    found = {rpc: await told(funds, f"SessionService/{rpc}", one | more) for rpc, more in others.items()}
    assert set(found.values()) <= {"SESSION_IS_MEETING", "SESSION_CLOSED"}
