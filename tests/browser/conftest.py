"""One city with money, decisions and refusals, and one browser, for all that residents look at."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Browser

from chassis.ports import Role
from services.funds.domain.fund_rules import Payout
from tests.browser.chromium import a_browser
from tests.support.city import City, Started
from tests.support.funds import OFFICE, REGION, a_pot, move
from tests.support.funds_grant import agreed, award, pay
from tests.support.funds_round import DECLARED, Round, a_call, a_known_actor


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A running funds, and where its pages are."""

    funds: Started
    year: int
    dossier: bytes

    @property
    def region(self) -> str:
        return f"{self.funds.http}/regions/{REGION}/{self.year}"

    @property
    def district(self) -> str:
        return f"{self.funds.http}/regions/11/{self.year}"

    @property
    def regions(self) -> str:
        return f"{self.funds.http}/regions"

    @property
    def accessibility(self) -> str:
        return f"{self.funds.http}/accessibility"


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as running:
        yield running


@pytest_asyncio.fixture(scope="session")
async def neighbourhood(city: City) -> AsyncIterator[Neighbourhood]:
    async with city.service("funds", accessibility_contact="barrieren@lichtenberg.example") as funds:
        call = await a_call(funds)
        dossier = await _decide(funds, call)
        paid = await agreed(
            funds, call.pot, title="Lesung im Hof", payout=Payout.ADVANCE, session_id="", applicant_sub="kim"
        )
        await pay(funds, paid, 12_345)
        await award(
            funds, await a_pot(funds, region="114010"), region="114010", title="Kiezfest an der Frankfurter Allee"
        )
        await move(funds, "Freeze", call.pot, 100_000)
        # A call that is still open, so that what it is asked for is told to nobody.
        await (await a_call(funds, seats=0)).apply(50_000)
        yield Neighbourhood(funds, call.pot.year, dossier)


async def _decide(funds: Started, call: Round) -> bytes:
    actor = await a_known_actor(funds)
    told = {"declarations": DECLARED | {"agrees_to_publication": True}}
    garden = await call.apply(80_000, actor, title="Hochbeete am Nachbarschaftshaus")
    private = await call.apply(60_000)
    bench = await call.apply(40_000, actor, title="Bank am Platz", **told)  # type: ignore[arg-type]  # a form's fields
    late = await call.apply(30_000)
    await call.begin(garden, private, bench, late)
    document = await funds.call("DossierService/GetDossier", {"session_id": call.session_id}, OFFICE)
    for application, cents in ((garden, 70_000), (private, 60_000)):
        await call.vote(application, "yes", "yes", "no", cents=cents, conditions=["Nur Pflanzen aus der Region"])
        await call.conclude(application)
    await call.act(
        "EnterRecusal", Role("fund_office"), application_id=bench.id, member_id=call.members[4], reason="Nachbar"
    )
    await call.vote(bench, "no", "no", "yes")
    await call.conclude(bench, reason="Bänke stellt das Grünflächenamt auf.")
    await call.vote(late, "no", "no")
    await call.conclude(late, reason="zu spät am Abend")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    return bytes(document.content)
