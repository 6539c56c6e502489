"""Open data over HTTP: valid, anonymous, proven against the ledger, and never whole when it is not."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from typer.testing import CliRunner

from chassis.ports import berlin_day, new_id
from kiezctl.__main__ import app
from kiezctl.ports import SERVICES
from kiezctl.trouble import Trouble
from services.funds.domain.fund_rules import Payout
from services.funds.entrypoints.open_data import BATCH
from tests.support.city import Started
from tests.support.funds import AUDITOR, Pot, a_pot
from tests.support.funds_grant import agreed, award, pay
from tests.support.giving360 import PACKAGE

PAY = 8
# A region for each test: what one breaks, another must not export.
REGIONS = iter(("111001", "111002", "111003", "112004", "112005", "113006", "113007", "113008"))


async def read(funds: Started, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as web:
        return await web.get(f"{funds.http}{path}")


async def package(funds: Started, region: str, year: int) -> Any:
    answer = await read(funds, f"/exports/360giving/{region}/{year}.json")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    checks = jsonschema.FormatChecker()
    jsonschema.validate(found, PACKAGE, format_checker=checks)
    return found


async def a_place(funds: Started, **rules: Any) -> tuple[str, Pot]:
    region = next(REGIONS)
    return region, await a_pot(funds, region=region, **rules)


async def postings(funds: Started, pot: Pot) -> Any:
    return (await funds.call("LedgerService/ListPostings", {"budget_id": pot.budget_id}, AUDITOR)).postings


async def spoil(funds: Started, grant_id: str) -> None:
    """Make a grant say what its postings do not: what no command can do, a broken disk or a bug might."""
    await funds.running.service.store.rows("grants").update_one({"_id": grant_id}, {"$set": {"paid_cents": 7}})


async def test_a_package_holds_every_grant_of_the_region_with_what_the_ledger_paid(funds: Started) -> None:
    region, pot = await a_place(funds)
    paid = await agreed(funds, pot, region=region, payout=Payout.ADVANCE, applicant_sub=f"{new_id()}")
    await pay(funds, paid, 12_345)
    private = await award(funds, pot, region=region, recipient_actor_id="", recipient_name="")
    found = await package(funds, region, pot.year)
    grants = {one["id"]: one for one in found["grants"]}
    assert set(grants) == {f"360G-kiezwerk-{grant.id}" for grant in (paid, private)}
    assert grants[f"360G-kiezwerk-{paid.id}"]["amountDisbursed"] == 123.45
    assert found["downloadURL"] == f"https://kiez.test/exports/360giving/{region}/{pot.year}.json"
    assert found["accessURL"] == f"https://kiez.test/regions/{region}/{pot.year}"
    assert found["version"] == "1.4"
    assert (await package(funds, "00", pot.year))["accessURL"] == "https://kiez.test/regions", "the city has no page"
    district = await package(funds, "11", pot.year)
    assert {one["id"] for one in found["grants"]} <= {one["id"] for one in district["grants"]}


async def test_what_was_paid_is_told_with_the_day_on_which_it_was_paid_whatever_year_it_counts_for(
    funds: Started,
) -> None:
    region, pot = await a_place(funds)
    grant = await agreed(funds, pot, region=region, payout=Payout.ADVANCE)
    await pay(funds, grant, 12_345)
    today = berlin_day(await funds.now())
    (posting,) = [p for p in (await postings(funds, pot)) if p.kind == PAY]
    assert (posting.value_date, posting.moved_on) == (f"{pot.year}-01-01", today.isoformat())
    (told,) = (await package(funds, region, pot.year))["grants"]
    assert [one["transactionDate"] for one in told["disbursementTransaction"]] == [today.isoformat()]


async def test_a_large_package_comes_in_parts_and_whole(funds: Started) -> None:
    region, pot = await a_place(funds)
    for _ in range(BATCH + 1):
        await award(funds, pot, region=region, approved_cents=1_000, requested_cents=1_000)
    assert len((await package(funds, region, pot.year))["grants"]) == BATCH + 1


async def test_a_package_without_a_grant_is_none(funds: Started) -> None:
    answer = await read(funds, "/exports/360giving/114011/2027.json")
    assert (answer.status_code, answer.json()["reason"]) == (404, "NOTHING_TO_EXPORT")


async def test_a_grant_that_differs_from_the_ledger_is_named_and_nothing_is_exported(funds: Started) -> None:
    region, pot = await a_place(funds)
    grant = await award(funds, pot, region=region)
    await spoil(funds, grant.id)
    for path in (f"/exports/360giving/{region}/{pot.year}.json", f"/exports/grants/{region}/{pot.year}.csv"):
        answer = await read(funds, path)
        assert (answer.status_code, answer.json()["reason"]) == (409, "GRANT_DIFFERS_FROM_LEDGER")
        assert grant.id in answer.json()["sentence"]
    await funds.running.service.store.rows("grants").update_one({"_id": grant.id}, {"$set": {"paid_cents": 0}})


async def test_what_goes_wrong_on_the_way_breaks_off_and_does_not_look_whole(funds: Started) -> None:
    region, pot = await a_place(funds)
    for _ in range(BATCH):
        await award(funds, pot, region=region, approved_cents=1_000, requested_cents=1_000)
    last = await award(funds, pot, region=region, approved_cents=1_000, requested_cents=1_000)
    await spoil(funds, last.id)
    for path in (f"/exports/360giving/{region}/{pot.year}.json", f"/exports/grants/{region}/{pot.year}.csv"):
        with pytest.raises(httpx.RemoteProtocolError):
            await read(funds, path)
    await funds.running.service.store.rows("grants").update_one({"_id": last.id}, {"$set": {"paid_cents": 0}})


async def test_the_table_of_legal_persons_opens_in_a_german_spreadsheet(funds: Started) -> None:
    region, pot = await a_place(funds)
    await award(funds, pot, region=region, recipient_name="=HYPERLINK(0)", title='Fest; "laut"')
    await award(funds, pot, region=region, recipient_actor_id="", recipient_name="")
    answer = await read(funds, f"/exports/grants/{region}/{pot.year}.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(one["Empfänger"], one["Zweck"], one["Bewilligt (EUR)"]) for one in rows] == [
        ("'=HYPERLINK(0)", 'Fest; "laut"', "500,00")
    ]
    assert "Privatperson" not in answer.text


async def test_a_table_of_nothing_has_its_columns(funds: Started) -> None:
    answer = await read(funds, "/exports/grants/114011/2027.csv")
    assert answer.status_code == 200
    assert answer.content.decode("utf-8-sig").startswith("Jahr;Empfänger;")


@pytest.mark.parametrize("path", ["/exports/360giving/xx/2027.json", "/exports/grants/114009/99.csv"])
async def test_a_wrong_region_or_year_is_refused_by_its_field(funds: Started, path: str) -> None:
    answer = await read(funds, path)
    assert (answer.status_code, answer.json()["reason"]) == (400, "INVALID_FIELDS")


@pytest.fixture
def folder(funds: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an operator works who knows this funds."""
    services = {name: {"grpc": "127.0.0.1:1", "http": funds.http} for name in SERVICES}
    named = tmp_path / "endpoints.json"
    named.write_text(json.dumps({"services": services, "nats": "", "nats_monitor": ""}))
    monkeypatch.setenv("KIEZ_ENDPOINTS", str(named))
    return tmp_path


async def export(folder: Path, what: str, region: str, year: int) -> Any:
    words = ["export", what, "--region", region, "--year", str(year), "--out", str(folder / "out")]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, words))


async def test_the_operators_command_leaves_a_whole_file_or_none(funds: Started, folder: Path) -> None:
    region, pot = await a_place(funds)
    for _ in range(BATCH):
        await award(funds, pot, region=region, approved_cents=1_000, requested_cents=1_000)
    assert (await export(folder, "360giving", region, pot.year)).exit_code == 0
    assert len(json.loads((folder / "out").read_text(encoding="utf-8"))["grants"]) == BATCH
    (folder / "out").unlink()
    last = await award(funds, pot, region=region, approved_cents=1_000, requested_cents=1_000)
    await spoil(funds, last.id)
    broken = await export(folder, "grants-csv", region, pot.year)
    assert isinstance(broken.exception, Trouble)
    assert "broke off" in str(broken.exception)
    assert [file.name for file in folder.iterdir()] == ["endpoints.json"]
    await funds.running.service.store.rows("grants").update_one({"_id": last.id}, {"$set": {"paid_cents": 0}})
    nothing = await export(folder, "360giving", "114011", pot.year)
    assert "NOTHING_TO_EXPORT" in str(nothing.exception)
