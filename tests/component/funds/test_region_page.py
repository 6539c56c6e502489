"""What residents read of the money of their region: the figures are the ledger's, and no single applicant is given away."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from chassis.ports import Role, new_id
from services.funds.domain.fund_rules import Payout
from services.funds.usecases.transparency import AWARDS_A_PAGE
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION, a_pot, move
from tests.support.funds_grant import agreed, award, pay
from tests.support.funds_round import DECLARED, Round, a_call, a_known_actor

# A region where no other test has money.
FAR = "114010"
PLACE_OF_ITS_OWN = "115012"
SECRET = "Annas Gartenlaube in der Rupprechtstraße"


async def visit(funds: Started, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as web:
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


async def test_awarded_paid_and_left_are_the_balances_of_the_ledger(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=1_300_000)
    grant = await award(funds, pot, approved_cents=50_000)
    await award(funds, pot, approved_cents=20_000)
    await move(funds, "Freeze", pot, 30_000)
    found = await figures(funds, REGION, pot.year)
    own = next(one for one in found.pots if one.budget_id == pot.budget_id)
    assert (own.figures.released_cents, own.figures.awarded_cents, own.figures.paid_cents) == (1_300_000, 70_000, 0)
    assert (own.figures.left_cents, own.blocked_cents, own.region) == (1_230_000, 30_000, grant.region)


async def test_what_a_call_was_asked_for_is_sealed_until_it_is_over(funds: Started) -> None:
    call = await a_call(funds)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents)
    sealed = await pot_of(funds, call)
    assert (sealed.asked_is_withheld, sealed.asked_cents, sealed.applications) == (True, 0, 0)
    await call.end()
    told = await pot_of(funds, call)
    assert (told.asked_is_withheld, told.asked_cents, told.applications) == (False, 60_000, 3)


async def test_a_sum_of_fewer_than_three_applications_is_told_of_no_pot_and_in_no_total(funds: Started) -> None:
    call = await a_call(funds)
    before = (await figures(funds, "11", call.pot.year)).total
    for cents in (10_000, 20_000):
        await call.apply(cents)
    draft = await call.draft(99_000)
    await call.end()
    own = await pot_of(funds, call)
    assert (own.asked_is_withheld, own.asked_cents, own.applications) == (True, 0, 0), draft.id
    total = (await figures(funds, "11", call.pot.year)).total
    assert (total.asked_cents, total.applications, total.asked_is_withheld) == (
        before.asked_cents,
        before.applications,
        True,
    )


async def test_what_minutes_and_awards_tell_anyway_is_withheld_no_longer(funds: Started) -> None:
    call = await decided(funds, refusals=1)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (3, 180_000, False)


async def test_what_minutes_put_off_hides_no_application_that_nobody_else_knows_of(funds: Started) -> None:
    call = await a_call(funds)
    won, first, second = [await call.apply(cents) for cents in (10_000, 20_000, 30_000)]
    unknown = await call.apply(77_700)
    await call.end()
    await call.check("RefuseApplication", unknown, reason="Der Verein hat seinen Sitz nicht in Berlin.")
    await call.begin(won, first, second)
    await call.vote(won, "yes", "yes", "yes")
    await call.conclude(won)
    await call.act("DeferItem", application_id=first.id, reason="Es fehlt ein Angebot.")
    await call.check("WithdrawApplication", second, reason="Das Fest fällt aus.")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    told = (3, 60_000, True)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == told
    # Refused in a session whose minutes are not approved yet, it stands in those of the session before.
    await call.plan()
    await call.act("InviteJury")
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    await call.vote(first, "no", "no", "no")
    await call.conclude(first)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == told


async def test_what_was_asked_outside_of_rounds_counts_in_the_year_in_which_it_came(funds: Started) -> None:
    now = await funds.now()
    pot = await a_pot(funds, rolling=True)
    title = {"region": "11", "chapter": "3320", "number": str(int(new_id().replace("-", ""), 16))[-9:], "name": "Titel"}
    years = {"years": [{"year": now.year, "total_cents": 100}]}
    title_id = (await funds.call("TitleService/PlanTitle", title | years, OFFICE)).title.id
    plan = {"fund_id": pot.fund_id, "title_id": title_id, "region": REGION, "year": now.year, "planned_cents": 100}
    planned = (await funds.call("BudgetService/PlanBudget", plan, OFFICE)).budget
    call = Round(funds, pot, "", now)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents)
    await call.draft(99_000)
    assert (await pot_of(funds, call)).applications == 0, "that pot is next year's"
    call.pot = replace(pot, budget_id=planned.id, year=now.year)
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


async def test_of_a_private_person_the_page_has_no_word(funds: Started) -> None:
    call = await decided(funds)
    assert "A private person&#39;s project" in (await visit(funds, f"/regions/{REGION}/{call.pot.year}?lang=en")).text
    for path in (f"/regions/{REGION}/{call.pot.year}", f"/exports/360giving/{REGION}/{call.pot.year}.json"):
        page = (await visit(funds, path)).text
        assert "Projekt einer Privatperson" in page
        assert "Gartenlaube" not in page
        assert "example.org" not in page
        assert "anna" not in page.casefold()


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


async def test_what_was_withdrawn_hides_itself_alone(funds: Started) -> None:
    call = await a_call(funds)
    garden, bench = await call.apply(80_000), await call.apply(40_000)
    gone = await call.apply(33_300)
    withdraw = {"application_id": gone.id, "reason": "Umzug"}
    await funds.call("ApplicationService/WithdrawApplication", withdraw, Role("applicant"), sub="anna")
    await call.begin(garden, bench)
    for application, choice in ((garden, "yes"), (bench, "no")):
        await call.vote(application, choice, choice)
        await call.conclude(application, reason="zu wenig")
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (1, 80_000, True), (
        "no minutes tell of the bench"
    )
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (2, 120_000, True)


async def test_what_came_from_a_place_with_a_pot_of_its_own_is_counted_there_alone(funds: Started) -> None:
    """Else the total counts it twice, and the larger pot less the smaller one is what the one application from elsewhere asks for."""
    now = await funds.now()
    pot = await a_pot(funds, rolling=True, region="1110")
    title = {"region": "11", "chapter": "3320", "number": str(int(new_id().replace("-", ""), 16))[-9:], "name": "Titel"}
    years = {"years": [{"year": now.year, "total_cents": 200}]}
    title_id = (await funds.call("TitleService/PlanTitle", title | years, OFFICE)).title.id
    pots = {}
    for region in ("1110", "111001"):
        plan = {"fund_id": pot.fund_id, "title_id": title_id, "region": region, "year": now.year, "planned_cents": 100}
        pots[region] = (await funds.call("BudgetService/PlanBudget", plan, OFFICE)).budget.id
    call = Round(funds, pot, "", now)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents, region="111001")
    await call.apply(44_400, region="111002")
    found = await figures(funds, "1110", now.year)
    told = {one.region: one.figures for one in found.pots if one.budget_id in pots.values()}
    inner, outer = told["111001"], told["1110"]
    assert (inner.applications, inner.asked_cents, inner.asked_is_withheld) == (3, 60_000, False)
    assert (outer.applications, outer.asked_cents, outer.asked_is_withheld) == (0, 0, True)
    assert found.total.asked_cents == sum(one.figures.asked_cents for one in found.pots)


async def test_of_a_private_person_no_place_is_told_that_is_finer_than_a_district_region(funds: Started) -> None:
    call = await a_call(funds)
    person = await call.apply(60_000, region="11400930")
    garden = await call.apply(80_000, await a_known_actor(funds), region="11400931")
    await call.begin(person, garden)
    for application in (person, garden):
        await call.vote(application, "yes", "yes")
        await call.conclude(application)
    found = await funds.call("GrantService/ListGrants", {"fund_id": call.pot.fund_id})
    assert {grant.application_id: grant.region for grant in found.grants} == {
        person.id: "114009",
        garden.id: "11400931",
    }
    near = await funds.call("GrantService/ListGrants", {"fund_id": call.pot.fund_id, "region": "11400930"})
    assert not near.grants
    grant = next(grant for grant in found.grants if grant.application_id == person.id)
    (said,) = await funds.said(grant.id)
    assert said.subject.endswith(".11.1140.114009.0")


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
