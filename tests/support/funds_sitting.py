"""Assemblies and written procedures, one step each, as tests take them."""

from datetime import timedelta
from typing import Any

from chassis.ports import berlin_day, new_id
from tests.support.count import from_record
from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_round import Round

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
