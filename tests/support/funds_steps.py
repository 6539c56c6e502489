"""Single steps of a round that tests take."""

from typing import Any

from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_round import Round


async def round_does(call: Round, what: str, **more: Any) -> Any:
    request = {"round_id": call.round_id, **more}
    return (await call.funds.call(f"RoundService/{what}Round", request, OFFICE, sub="office")).round


async def admitted(call: Round, cents: int = 80_000) -> Any:
    application = await call.apply(cents)
    return await call.check("AdmitApplication", application)


async def statuses(call: Round, *applications: Any) -> list[int]:
    return [(await call.read(application)).status for application in applications]


async def session_of(call: Round) -> Any:
    request = {"session_id": call.session_id}
    return (await call.funds.call("SessionService/GetSession", request, AUDITOR)).session
