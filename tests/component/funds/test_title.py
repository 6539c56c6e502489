"""Titles of a running service."""

from typing import Any

from chassis.ports import Role, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, a_pot, move

PAPER = {
    "kind": "REFERENCE_KIND_PRINTED_PAPER",
    "number": "DS/0815/IX",
    "body": "BVV Lichtenberg",
    "dated": "2026-09-17",
    "uri": "https://example.org/ds/0815",
}


async def plan(funds: Started, *years: int, **more: Any) -> Any:
    request = {
        "region": "11",
        "chapter": "3320",
        "number": str(int(new_id().replace("-", ""), 16))[-9:],
        "name": "Zuschüsse für besondere, soziale Projekte",
        "years": [{"year": year, "total_cents": 1_000} for year in years],
        **more,
    }
    return (await funds.call("TitleService/PlanTitle", request, OFFICE)).title


async def test_a_title_of_a_double_budget_is_planned_with_its_papers(funds: Started) -> None:
    planned = await plan(funds, 2040, 2041, references=[PAPER])
    title = (await funds.call("TitleService/GetTitle", {"title_id": planned.id})).title
    assert [(y.year, y.total_cents, y.released_cents) for y in title.years] == [(2040, 1_000, 0), (2041, 1_000, 0)]
    assert (title.references[0].number, title.references[0].dated) == ("DS/0815/IX", "2026-09-17")
    said = await funds.published(planned.id)
    assert [m.subject for m in said] == ["kiez.pub.funds.v1.title_planned.11.0.0.0"]
    assert said[0].body["state"]["references"][0]["uri"] == PAPER["uri"]


async def test_the_years_of_a_title_follow_each_other(funds: Started) -> None:
    with refused("TITLE_YEARS_WRONG", "INVALID_ARGUMENT", "years"):
        await plan(funds, 2040, 2042)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "years"):
        await plan(funds, 2040, 2041, 2042)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "years"):
        await plan(funds)


async def test_a_title_is_planned_once(funds: Started) -> None:
    planned = await plan(funds, 2040)
    with refused("TITLE_EXISTS", "ALREADY_EXISTS"):
        await plan(funds, 2040, number=planned.number)


async def test_a_year_of_a_title_is_planned_once_also_in_another_double_budget(funds: Started) -> None:
    planned = await plan(funds, 2040, 2041)
    for years in ((2041,), (2041, 2042), (2039, 2040)):
        with refused("TITLE_EXISTS", "ALREADY_EXISTS"):
            await plan(funds, *years, number=planned.number)
    assert await plan(funds, 2042, number=planned.number)


async def test_a_supplement_of_the_council_changes_the_total_and_is_said_with_its_paper(funds: Started) -> None:
    pot = await a_pot(funds, total_cents=1_000, released_cents=900)
    one = {"title_id": pot.title_id, "year": pot.year, "reference": PAPER}
    with refused("TITLE_EXCEEDED", "FAILED_PRECONDITION"):
        await move(funds, "Raise", pot, 200)
    revised = (await funds.call("TitleService/ReviseTitle", one | {"total_cents": 1_100}, OFFICE)).title
    assert [(y.total_cents, y.released_cents) for y in revised.years] == [(1_100, 900)]
    await move(funds, "Raise", pot, 200)
    with refused("TITLE_BELOW_RELEASED", "FAILED_PRECONDITION"):
        await funds.call("TitleService/ReviseTitle", one | {"total_cents": 1_099}, OFFICE)
    said = await funds.published(pot.title_id)
    assert [m.fact for m in said] == ["title_planned", "title_revised"]
    assert (said[1].body["year"], said[1].body["previous_cents"]) == (pot.year, 1_000)
    assert said[1].body["state"]["references"][0]["number"] == PAPER["number"]
    assert (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct


async def test_a_supplement_needs_its_paper_and_a_year_of_the_title(funds: Started) -> None:
    planned = await plan(funds, 2040)
    request = {"title_id": planned.id, "year": 2040, "total_cents": 5}
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "reference"):
        await funds.call("TitleService/ReviseTitle", request, OFFICE)
    with refused("TITLE_HAS_NO_SUCH_YEAR", "FAILED_PRECONDITION"):
        await funds.call("TitleService/ReviseTitle", request | {"year": 2041, "reference": PAPER}, OFFICE)
    with refused("ETAG_MISMATCH", "ABORTED"):
        await funds.call("TitleService/ReviseTitle", request | {"etag": "9", "reference": PAPER}, OFFICE)


async def test_a_paper_without_https_is_named(funds: Started) -> None:
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "references[0].uri"):
        await plan(funds, 2040, references=[PAPER | {"uri": "javascript:alert(1)"}])


async def test_titles_are_listed_by_region_and_year(funds: Started) -> None:
    planned = await plan(funds, 2050, 2051)
    for year in (2050, 2051):
        page = await funds.call("TitleService/ListTitles", {"region": "11", "year": year})
        assert [t.id for t in page.titles] == [planned.id]
    assert not (await funds.call("TitleService/ListTitles", {"region": "11", "year": 2052})).titles
    assert not (await funds.call("TitleService/ListTitles", {"region": "12"})).titles


async def test_another_district_plans_no_title_here(funds: Started) -> None:
    request = {"region": "11", "chapter": "1", "number": "2", "name": "x", "years": [{"year": 2040, "total_cents": 1}]}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("TitleService/PlanTitle", request, Role("fund_office", regions=("01",)))
