"""An assembly of residents from its call to its minutes."""

from datetime import timedelta

from tests.support.city import Started
from tests.support.funds import OFFICE
from tests.support.funds_round import a_call


async def an_assembly(funds: Started) -> str:
    """An assembly with a host, a count that was corrected, and minutes."""
    call = await a_call(funds, seats=0, decision_body="DECISION_BODY_ASSEMBLY", jury_size=0, quorum_percent=0)
    application = await call.apply(70_000)
    await call.end()
    await call.check("AdmitApplication", application)
    begins = await funds.now() + timedelta(days=3)
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat(), "place": "Aula"}
    host = {"host_name": "Kim Beispiel", "host_email": "kim@example.org", "host_sub": "host"}
    plan = {"budget_id": call.pot.budget_id, "title": "Kiezkassenversammlung"} | times | host
    call.session_id = (await funds.call("SessionService/PlanAssembly", plan, OFFICE)).session.id
    await call.act("ScheduleApplications", application_ids=[application.id])
    await funds.move_clock(begins)
    await call.act("OpenAssembly", attended=20)
    await call.act("RecordHeadcount", attended=21)
    item = {"application_id": application.id}
    await call.act("PutMotion", **item, amount_cents=70_000)
    await call.act("CountHands", **item, yes=12, no=6, abstain=1)
    await call.conclude(application)
    await call.act("CorrectCount", **item, yes=11, no=7, abstain=1, reason="verzählt")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    return call.session_id
