"""What the tests of the pages for residents look at."""

from typing import Any

import httpx

from tests.support.city import Started
from tests.support.funds import REGION
from tests.support.funds_round import DECLARED, Round, a_call, a_known_actor

SECRET = "Annas Gartenlaube in der Rupprechtstraße"


async def visit(funds: Started, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as web:
        return await web.get(f"{funds.http}{path}", headers={name.replace("_", "-"): v for name, v in headers.items()})


async def figures(funds: Started, region: str, year: int) -> Any:
    asked = {"region": region, "year": year}
    return (await funds.call("TransparencyService/GetRegionYear", asked)).region_year


async def pot_of(funds: Started, call: Round) -> Any:
    found = await figures(funds, REGION, call.pot.year)
    return next(pot for pot in found.pots if pot.budget_id == call.pot.budget_id).figures


async def decided(funds: Started, *, refusals: int = 3, minutes: bool = True) -> Round:
    """A session with one award to an association, one to a person, and so many refusals, the first to an association."""
    call = await a_call(funds)
    actor = await a_known_actor(funds)
    garden = await call.apply(80_000, actor, title="Hochbeete")
    private = await call.apply(60_000, title=SECRET)
    agreed: dict[str, Any] = {"declarations": DECLARED | {"agrees_to_publication": True}}
    refused_ = [await call.apply(40_000, actor, title="Bank am Platz", **agreed)]
    refused_ += [await call.apply(30_000, title=SECRET) for _ in range(refusals - 1)]
    await call.begin(garden, private, *refused_)
    for application, cents in ((garden, 70_000), (private, 60_000)):
        await call.vote(application, "yes", "yes", "no", cents=cents, conditions=["Nur Pflanzen aus der Region"])
        await call.conclude(application)
    for application in refused_:
        await call.vote(application, "no", "no", "yes")
        await call.conclude(application, reason="Zu wenig für die Nachbarn")
    if minutes:
        await call.act("CloseSession")
        await call.act("ApproveMinutes")
    return call
