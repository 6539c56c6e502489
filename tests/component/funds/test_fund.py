"""Funds made from ready rules, and the money of real districts shared by them."""

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

import lor
from chassis.ports import Role, new_id
from kiezwerk.funds.v1.fund_pb2 import FundKind
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, RULES

EVERYWHERE = Role("fund_office")


async def create(funds: Started, **fields: Any) -> Any:
    request = {"region": "11", "name": "ein Fonds", "office_actor_id": new_id()} | fields
    return (await funds.call("FundService/CreateFund", request, EVERYWHERE)).fund


async def sets(funds: Started) -> dict[str, Any]:
    return {ready.name: ready for ready in (await funds.call("FundService/ListRuleSets")).rule_sets}


async def test_anyone_reads_the_ready_rules_and_each_of_them_makes_a_fund(funds: Started) -> None:
    for name, ready in (await sets(funds)).items():
        fund = await create(funds, rule_set=name)
        assert (fund.kind, fund.rules, fund.rules_version) == (ready.kind, ready.rules, 1)
        assert list(fund.references) == list(ready.references)
        said = (await funds.said(fund.id))[0].body["state"]
        assert (said["kind"], said["rules"]["cap_cents"]) == (
            FundKind.Name(ready.kind).removeprefix("FUND_KIND_").lower(),
            ready.rules.cap_cents,
        )


async def test_a_set_may_be_changed_before_it_is_used(funds: Started) -> None:
    ready = (await sets(funds))["aktionsfonds_qm"]
    assert "jury_size" in ready.to_decide
    rules = MessageToDict(ready.rules, preserving_proto_field_name=True) | {"jury_size": 11}
    fund = await create(funds, kind=ready.kind, rules=rules)
    assert fund.rules.jury_size == 11


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({}, "INVALID_FIELDS", "rules"),
        ({"rules": RULES}, "INVALID_FIELDS", "kind"),
        ({"rules": RULES, "kind": "FUND_KIND_FEIN", "rule_set": "fein"}, "RULES_TWICE", "rule_set"),
        ({"rule_set": "stadtkasse"}, "RULE_SET_UNKNOWN", "rule_set"),
        ({"rule_set": "fein", "kind": "FUND_KIND_KIEZFONDS"}, "KIND_OF_ANOTHER_SET", "kind"),
    ],
)
async def test_rules_come_from_one_place(funds: Started, fields: dict[str, Any], reason: str, field: str) -> None:
    with refused(reason, "INVALID_ARGUMENT", field):
        await create(funds, **fields)


async def test_an_advance_that_only_receipts_could_prove_is_refused_with_the_field(funds: Started) -> None:
    rules = RULES | {"payout": "PAYOUT_ADVANCE", "receipts_only": True, "last_year": 1999}
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "rules.last_year"):
        await create(funds, kind="FUND_KIND_KIEZFONDS", rules=rules)
    with refused("RULES_CONTRADICT", "INVALID_ARGUMENT", "rules.receipts_only"):
        await create(funds, kind="FUND_KIND_KIEZFONDS", rules=rules | {"last_year": 0})


async def test_every_version_of_the_rules_is_kept_with_its_reason(funds: Started) -> None:
    fund = await create(funds, kind="FUND_KIND_KIEZFONDS", rules=RULES)
    for cap in (50_000, 70_000):
        change = {"fund_id": fund.id, "rules": RULES | {"cap_cents": cap}, "reason": f"DS {cap}"}
        await funds.call("FundService/ChangeFundRules", change, OFFICE)
    wrong = {"fund_id": fund.id, "rules": RULES | {"quorum_percent": 101}, "reason": "ein Irrtum"}
    with refused("RULES_CONTRADICT", "INVALID_ARGUMENT", "rules.quorum_percent"):
        await funds.call("FundService/ChangeFundRules", wrong, OFFICE)
    asked = {"fund_id": fund.id, "page_size": 2}
    first = await funds.call("FundService/ListRulesVersions", asked)
    rest = await funds.call("FundService/ListRulesVersions", asked | {"page_token": first.next_page_token})
    seen = [(v.rules_version, v.rules.cap_cents, v.reason) for v in (*first.versions, *rest.versions)]
    assert seen == [(1, 100_000, ""), (2, 50_000, "DS 50000"), (3, 70_000, "DS 70000")]
    assert all(v.HasField("since") for v in first.versions)
    with refused("FUND_NOT_FOUND", "NOT_FOUND"):
        await funds.call("FundService/ListRulesVersions", {"fund_id": new_id()})


async def test_no_budget_is_planned_in_a_year_in_which_the_fund_gives_nothing(funds: Started) -> None:
    fund = await create(funds, kind="FUND_KIND_KIEZFONDS", rules=RULES | {"first_year": 2061, "last_year": 2062})
    title = await _title(funds, "11", 2060, 1_000)
    plan = {"fund_id": fund.id, "title_id": title, "region": "114009", "year": 2060, "planned_cents": 1}
    with refused("FUND_GIVES_NOT_IN_YEAR", "INVALID_ARGUMENT", "year"):
        await funds.call("BudgetService/PlanBudget", plan, OFFICE)


async def test_mittes_ten_funds_and_ten_coordinations_share_one_title(funds: Started) -> None:
    ready = await sets(funds)
    regions = [key for key in lor.NAMES if len(key) == 6 and lor.within(key, "01")]
    title_id = await _title(funds, "01", 2061, 35_000_000, number="68432")
    for name in ("stadtteilkasse_mitte", "coordination_mitte"):
        assert (ready[name].chapter, ready[name].number) == ("3320", "68432")
        fund = await create(funds, region="01", name=ready[name].title, rule_set=name)
        planned = await _share(funds, fund.id, title_id, 2061, ready[name].total_cents, dict.fromkeys(regions, 1))
        assert {budget.planned_cents for budget in planned} == {ready[name].region_cents}
        for budget in planned:
            release = {"budget_id": budget.id, "amount_cents": budget.planned_cents, "reason": "Haushalt"}
            await funds.call("BudgetService/ReleaseBudget", release, EVERYWHERE)
    statement = await funds.call("StatementService/GetTitleStatement", {"title_id": title_id})
    assert (len(statement.budgets), statement.title.years[0].released_cents) == (20, 35_000_000)
    raise_ = {"budget_id": statement.budgets[0].id, "amount_cents": 1, "reason": "mehr"}
    with refused("TITLE_EXCEEDED", "FAILED_PRECONDITION"):
        await funds.call("BudgetService/RaiseBudget", raise_, EVERYWHERE)
    assert (await funds.call("LedgerService/VerifyLedger", {"region": "01"}, AUDITOR)).correct


async def test_the_least_part_of_a_region_is_a_rule_of_the_fund(funds: Started) -> None:
    ready = (await sets(funds))["kiezkasse_treptow_koepenick"]
    fund = await create(funds, region="09", rule_set=ready.name)
    title_id = await _title(funds, "09", 2061, 10_000_000)
    regions = sorted(key for key in lor.NAMES if len(key) == 6 and lor.within(key, "09"))
    weights = {region: 100 + 1_000 * place for place, region in enumerate(regions)}
    planned = await _share(funds, fund.id, title_id, 2061, ready.total_cents, weights)
    parts = [budget.planned_cents for budget in planned]
    assert (len(parts), sum(parts), min(parts)) == (20, 10_000_000, ready.rules.region_minimum_cents)
    assert parts == sorted(parts)


async def test_no_command_gives_a_region_less_than_the_rules_of_the_fund(funds: Started) -> None:
    fund = await create(funds, region="09", rule_set="kiezkasse_treptow_koepenick")
    title_id = await _title(funds, "09", 2062, 10_000_000)
    weights = {"091001": 1, "091002": 999}
    planned = await _share(funds, fund.id, title_id, 2062, 10_000_000, weights, minimum_cents=1)
    assert [budget.planned_cents for budget in planned] == [260_000, 9_740_000]


async def _title(funds: Started, region: str, year: int, total_cents: int, number: str = "") -> str:
    request = {
        "region": region,
        "chapter": "3320",
        "number": number or str(int(new_id().replace("-", ""), 16))[-9:],
        "name": "Zuschüsse",
        "years": [{"year": year, "total_cents": total_cents}],
    }
    return str((await funds.call("TitleService/PlanTitle", request, EVERYWHERE)).title.id)


async def _share(
    funds: Started, fund_id: str, title_id: str, year: int, total_cents: int, weights: dict[str, int], **more: Any
) -> list[Any]:
    shares = [{"region": region, "weight": weight} for region, weight in weights.items()]
    request = {"fund_id": fund_id, "title_id": title_id, "year": year, "total_cents": total_cents, "shares": shares}
    return list((await funds.call("BudgetService/PlanBudgets", request | more, EVERYWHERE)).budgets)
