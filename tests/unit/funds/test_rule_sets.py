"""The rules of Berlin's funds as they stand ready, and the money that they usually share."""

from dataclasses import fields
from itertools import pairwise

import pytest

import lor
from services.funds.domain.allocation import allocate
from services.funds.domain.fund import FundKind
from services.funds.domain.fund_rules import DecisionBody, FundRules, Payout
from services.funds.domain.refusals.fund import RuleSetUnknown
from services.funds.domain.rule_sets import RULE_SETS, RuleSet, Sharing, rule_set
from services.funds.domain.title import TitleYear
from tests.support.funds import YEAR, a_title

every_set = pytest.mark.parametrize("ready", RULE_SETS, ids=lambda ready: ready.name)


@every_set
def test_the_rules_of_a_set_hold_together(ready: RuleSet) -> None:
    assert ready.rules.checked() is ready.rules


@every_set
def test_what_is_to_decide_is_a_rule(ready: RuleSet) -> None:
    assert set(ready.to_decide) <= {field.name for field in fields(FundRules)}


@every_set
def test_a_set_is_found_by_its_name_and_rests_on_a_paper(ready: RuleSet) -> None:
    assert rule_set(ready.name) is ready
    assert ready.references


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleSetUnknown) as refused:
        rule_set("stadtkasse")
    assert "kiezfonds_lichtenberg" in refused.value.fields["rule_set"]


def test_what_is_known_of_each_fund_stands_in_its_set() -> None:
    mitte, lichtenberg = rule_set("stadtteilkasse_mitte"), rule_set("kiezfonds_lichtenberg")
    assert (mitte.rules.cap_cents, mitte.rules.payout, mitte.rules.rolling) == (50_000, Payout.REIMBURSEMENT, True)
    assert (lichtenberg.rules.cap_cents, lichtenberg.rules.cap_exception_allowed) == (100_000, True)
    assert (lichtenberg.rules.jury_least, lichtenberg.rules.rolling) == (15, False)
    kiezkasse = rule_set("kiezkasse_treptow_koepenick")
    assert (kiezkasse.rules.decision_body, kiezkasse.shared) == (DecisionBody.ASSEMBLY, Sharing.WEIGHTS)
    assert rule_set("aktionsfonds_qm").rules.cap_cents == 150_000
    fein = rule_set("fein").rules
    assert (fein.cap_cents, fein.decision_body) == (350_000, DecisionBody.OFFICE)
    assert rule_set("infrastructure").rules.most_years > 1
    assert {ready.kind for ready in RULE_SETS} == set(FundKind) - {FundKind.OTHER}


def test_one_title_of_mitte_pays_ten_regions_and_the_coordinations_beside_them() -> None:
    kasse, coordination = rule_set("stadtteilkasse_mitte"), rule_set("coordination_mitte")
    regions = [key for key in lor.NAMES if len(key) == 6 and lor.within(key, "01")]
    equal = dict.fromkeys(regions, 1)
    parts = allocate(kasse.total_cents, equal)
    own = allocate(coordination.total_cents, equal)
    assert (len(regions), set(parts.values()), set(own.values())) == (10, {500_000}, {3_000_000})
    title = a_title(years=(TitleYear(YEAR, 35_000_000),), chapter=kasse.chapter, number=kasse.number)
    for cents in (*parts.values(), *own.values()):
        title = title.draw(YEAR, cents)
    assert (title.chapter, title.number) == (coordination.chapter, coordination.number) == ("3320", "68432")
    assert title.of_year(YEAR).released_cents == 35_000_000


def test_thirteen_regions_of_lichtenberg_get_the_same() -> None:
    ready = rule_set("kiezfonds_lichtenberg")
    regions = [key for key in lor.NAMES if len(key) == 6 and lor.within(key, "11")]
    assert allocate(ready.total_cents, dict.fromkeys(regions, 1)) == dict.fromkeys(regions, 1_300_000)


# What counts as a region's weight comes from the statistics office; these are of the right order.
INHABITANTS = {
    "091001": 13_400,
    "091002": 12_100,
    "091003": 17_900,
    "091004": 19_800,
    "092005": 27_500,
    "092006": 13_600,
    "092007": 21_300,
    "092008": 12_700,
    "093009": 30_900,
    "093010": 12_500,
    "093011": 6_400,
    "093012": 4_100,
    "094013": 9_700,
    "094014": 9_500,
    "094015": 8_900,
    "094016": 6_600,
    "095017": 18_600,
    "095018": 9_800,
    "095019": 10_200,
    "095020": 15_600,
}


def test_treptow_koepenick_shares_by_inhabitants_with_a_least_part_for_each() -> None:
    ready = rule_set("kiezkasse_treptow_koepenick")
    least = ready.rules.region_minimum_cents
    parts = allocate(ready.total_cents, INHABITANTS, least)
    assert len(parts) == 20
    assert sum(parts.values()) == ready.total_cents == 10_000_000
    assert min(parts.values()) == parts["093012"] == parts["093011"] == least == 260_000
    assert max(parts, key=lambda key: parts[key]) == "093009"
    above = [key for key in parts if parts[key] > least]
    for one, other in pairwise(above):
        assert (INHABITANTS[one] >= INHABITANTS[other]) == (parts[one] >= parts[other])
