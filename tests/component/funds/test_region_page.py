"""What residents read of the money of their region: the figures are the ledger's, and no single applicant is given away."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.ports import berlin_day, new_id
from chassis.store import Total
from services.funds.adapters.mongo.application import MongoApplications
from services.funds.domain.fund_rules import Payout
from services.funds.usecases.transparency import AWARDS_A_PAGE
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION, a_pot, move
from tests.support.funds_grant import agreed, award, pay
from tests.support.funds_page import decided, figures, pot_of, visit
from tests.support.funds_round import Round, a_call

# A region where no other test has money.
FAR = "114010"
PLACE_OF_ITS_OWN = "115012"
MANY_POTS = "113006"


async def test_awarded_paid_and_left_are_the_balances_of_the_ledger(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=1_300_000)
    grant = await award(funds, pot, approved_cents=50_000)
    await award(funds, pot, approved_cents=20_000)
    await move(funds, "Freeze", pot, 30_000)
    found = await figures(funds, REGION, pot.year)
    own = next(one for one in found.pots if one.budget_id == pot.budget_id)
    assert (own.figures.released_cents, own.figures.awarded_cents, own.figures.paid_cents) == (1_300_000, 70_000, 0)
    assert (own.figures.left_cents, own.blocked_cents, own.region) == (1_230_000, 30_000, grant.region)


async def test_what_was_asked_outside_of_rounds_counts_in_the_year_in_which_it_came(funds: Started) -> None:
    now = await funds.now()
    year = berlin_day(now).year
    pot = await a_pot(funds, rolling=True)
    title = {"region": "11", "chapter": "3320", "number": str(int(new_id().replace("-", ""), 16))[-9:], "name": "Titel"}
    years = {"years": [{"year": year, "total_cents": 100}]}
    title_id = (await funds.call("TitleService/PlanTitle", title | years, OFFICE)).title.id
    plan = {"fund_id": pot.fund_id, "title_id": title_id, "region": REGION, "year": year, "planned_cents": 100}
    planned = (await funds.call("BudgetService/PlanBudget", plan, OFFICE)).budget
    call = Round(funds, pot, "", now)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents)
    await call.draft(99_000)
    assert (await pot_of(funds, call)).applications == 0, "that pot is next year's"
    call.pot = replace(pot, budget_id=planned.id, year=year)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (3, 60_000, False)


async def test_the_page_tells_what_was_decided_and_why(funds: Started) -> None:
    call = await decided(funds)
    page = (await visit(funds, f"/regions/{REGION}/{call.pot.year}?lang=de")).text
    for told in (
        "Hochbeete",
        "Kiezgarten e. V.",
        "700 €",
        "2 Ja, 1 Nein",
        "Nur Pflanzen aus der Region",
        "Bank am Platz",
    ):
        assert told in page, told
    refusals = page[page.index("Was nicht bewilligt wurde") :]
    assert refusals.count("Zu wenig für die Nachbarn") == refusals.count("Bank am Platz"), "told of the one that agreed"
    assert refusals.count("Ein Antrag") >= 2


async def test_votes_and_conditions_are_told_once_the_minutes_are_approved(funds: Started) -> None:
    call = await decided(funds, minutes=False)
    year = call.pot.year
    page = (await visit(funds, f"/regions/{REGION}/{year}")).text
    own = page[page.index("Hochbeete") :]
    assert "steht im Protokoll" in own[: own.index("</li>")]
    assert "Nur Pflanzen" not in own[: own.index("</li>")]


async def test_awards_come_in_pages(funds: Started) -> None:
    pot = await a_pot(funds, region=FAR)
    for _ in range(AWARDS_A_PAGE + 1):
        await award(funds, pot, region=FAR, approved_cents=1_000, requested_cents=1_000)
    page = (await visit(funds, f"/regions/{FAR}/{pot.year}")).text
    assert page.count("<h3") == AWARDS_A_PAGE
    older = page.split('href="?lang=de&amp;page_token=')[1].split("#")[0]
    assert (await visit(funds, f"/regions/{FAR}/{pot.year}?page_token={older}")).text.count("<h3") == 1
    assert (await visit(funds, f"/regions/12/{pot.year}?page_token={older}")).status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/regions/999999/2027", 404, "gibt es nicht"),
        ("/regions/00/2027", 404, "gibt es nicht"),
        ("/regions/114009/1999", 400, "Jahr"),
        ("/regions/114009/x", 400, "Jahr"),
        ("/regions/114009/２０２７", 400, "Jahr"),
        ("/regions/114009/02027", 400, "Jahr"),
        (f"/regions/114009/02027{'9' * 4_400}", 400, "Jahr"),
        ("/regions/114009/2027?page_token=x", 400, "nicht mehr"),
        ("/regions/%3Cscript%3E/2027", 404, "gibt es nicht"),
        ("/regions?region=xx&year=2027", 404, "gibt es nicht"),
        ("/regions/114009/2199", 200, "kein Topf"),
        ("/regions/11400930/2199", 200, "kein Topf"),
    ],
)
async def test_an_address_that_is_wrong_says_so_in_a_sentence(
    funds: Started, path: str, status: int, says: str
) -> None:
    answer = await visit(funds, path)
    assert answer.status_code == status
    assert says in answer.text
    assert "<script" not in answer.text


async def test_the_form_of_the_list_leads_to_the_page_of_the_region(funds: Started) -> None:
    assert (await visit(funds, "/")).headers["location"].endswith("/regions")
    listed = await visit(funds, "/regions", accept_language="en-GB")
    assert '<html lang="en">' in listed.text
    assert '<option value="114009">' in listed.text
    led = await visit(funds, "/regions?region=114009&year=2027&lang=en")
    assert (led.status_code, led.headers["location"]) == (303, "/regions/114009/2027?lang=en")


async def test_a_page_is_sent_once_and_loads_nothing_from_elsewhere(funds: Started) -> None:
    first = await visit(funds, "/regions/11/2027")
    assert "default-src 'none'" in first.headers["content-security-policy"]
    assert "public" in first.headers["cache-control"]
    again = await visit(funds, "/regions/11/2027", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert "<script" not in first.text
    assert 'style="' not in first.text
    assert (await visit(funds, "/style.css")).headers["content-type"].startswith("text/css")


async def test_the_whole_city_is_too_wide_for_one_answer(funds: Started) -> None:
    with refused("REGION_TOO_WIDE", "INVALID_ARGUMENT", "region"):
        await funds.call("TransparencyService/GetRegionYear", {"region": "00", "year": 2027})


async def test_what_was_paid_and_ended_is_not_said_not_to_take_place(funds: Started) -> None:
    pot = await a_pot(funds, region=PLACE_OF_ITS_OWN)
    ended = await agreed(funds, pot, region=PLACE_OF_ITS_OWN, payout=Payout.ADVANCE, applicant_sub="kim")
    await pay(funds, ended, 5_000)
    page = f"/regions/{PLACE_OF_ITS_OWN}/{pot.year}?lang=en"
    assert "running" in (await visit(funds, page)).text
    rows = funds.running.service.store.rows("grants")
    await rows.update_one({"_id": ended.id}, {"$set": {"status": "revoked"}})
    told = (await visit(funds, page)).text
    assert "ended early" in told
    assert "does not take place" not in told


async def test_every_page_leads_to_the_statement_on_accessibility(city: City) -> None:
    async with city.service("funds", accessibility_contact="barrieren@lichtenberg.example") as funds:
        for path in ("/regions", f"/regions/{REGION}/2027", "/regions/99/2027", "/accessibility"):
            assert 'href="/accessibility?lang=en"' in (await visit(funds, path, accept_language="en")).text
        statement = (await visit(funds, "/accessibility?lang=de")).text
        for told in (
            '<a href="mailto:barrieren@lichtenberg.example">',
            "https://www.berlin.de/lb/digitale-barrierefreiheit/",
            "Leichter Sprache",
            "Kiezwerk",
        ):
            assert told in statement, told


async def test_a_statement_without_an_address_says_so(funds: Started) -> None:
    told = (await visit(funds, "/accessibility?lang=en")).text
    assert "No address has been set" in told
    assert "mailto:" not in told


async def test_a_page_of_many_pots_asks_the_store_no_more_often(
    funds: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    totals = MongoApplications.totals

    async def counted(self: MongoApplications, filter: dict[str, Any], amount: str, *by: str) -> tuple[Total, ...]:
        asked.append(amount)
        return await totals(self, filter, amount, *by)

    monkeypatch.setattr(MongoApplications, "totals", counted)
    year = (await a_pot(funds, region=MANY_POTS)).year
    await figures(funds, MANY_POTS, year)
    with_one = len(asked)
    for _ in range(4):
        await a_pot(funds, region=MANY_POTS)
    asked.clear()
    found = await figures(funds, MANY_POTS, year)
    assert len(found.pots) >= 5
    assert len(asked) <= max(4, with_one)


async def test_what_was_asked_in_a_cancelled_round_was_asked_of_nobody(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    for _ in range(3):
        await call.apply()
    await call.end()
    assert (await pot_of(funds, call)).applications == 3
    await funds.call("RoundService/CancelRound", {"round_id": call.round_id, "reason": "Haushaltssperre"}, OFFICE)
    assert (await pot_of(funds, call)).applications == 0
