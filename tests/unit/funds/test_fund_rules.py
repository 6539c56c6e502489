"""The rules of a fund are refused together, each with its field."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.fund_rules import ApplicantKind, DecisionBody, FundRules, LateApplications, Majority, Payout
from services.funds.domain.refusals.fund import RulesContradict
from tests.support.funds import a_fund, rules

NO_JURY: dict[str, Any] = {"quorum_percent": 0, "jury_size": 0}
ASSEMBLY: dict[str, Any] = NO_JURY | {"decision_body": DecisionBody.ASSEMBLY}
BY_OFFICE: dict[str, Any] = NO_JURY | {"decision_body": DecisionBody.OFFICE}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("quorum_percent", {"quorum_percent": 101}),
        ("quorum_percent", {"quorum_percent": 0}),
        ("quorum_count", {"quorum_count": 8}),
        ("quorum_count", {"quorum_percent": 0, "quorum_count": 16}),
        ("jury_size", {"jury_size": 0}),
        ("jury_size", {"decision_body": DecisionBody.ASSEMBLY}),
        ("resident_share_percent", {"resident_share_percent": 101}),
        ("lump_sum_percent", {"lump_sum_percent": 250}),
        ("minimum_age", {"minimum_age": 100}),
        ("proof_due_days", {"proof_due_days": 0}),
        ("cap_exception_allowed", {"cap_cents": 0, "cap_exception_allowed": True}),
        ("late", {"rolling": True, "late": LateApplications.NEXT_ROUND}),
        ("receipts_only", {"receipts_only": True, "payout": Payout.ADVANCE}),
        ("last_year", {"first_year": 2027, "last_year": 2026}),
        ("grant_years", BY_OFFICE | {"first_year": 2027, "last_year": 2028, "grant_years": 3}),
        ("grant_years", BY_OFFICE | {"grant_years": 11}),
        ("grant_years", {"grant_years": 2}),
        ("grant_years", ASSEMBLY | {"grant_years": 2}),
        ("jury_least", {"jury_least": 16}),
        ("term_years", {"term_years": 21}),
        ("proof_due_days", {"proof_due_days": 3_651}),
        ("proof_reminder_days", {"proof_reminder_days": (-3, -3)}),
        ("excluded_costs", {"excluded_costs": ("Staff", "staff")}),
        ("who_may_apply", {"who_may_apply": (ApplicantKind.BODY, ApplicantKind.BODY)}),
        *((field, ASSEMBLY | {field: 5}) for field in ("jury_size", "jury_least", "term_years", "quorum_percent")),
        ("resident_share_percent", ASSEMBLY | {"resident_share_percent": 60}),
        ("majority", ASSEMBLY | {"majority": Majority.OF_MEMBERS}),
        ("recused_count_for_quorum", ASSEMBLY | {"recused_count_for_quorum": True}),
        ("jury_size", {"jury_size": 51}),
        *((field, BY_OFFICE | {field: 5}) for field in ("quorum_count", "quorum_percent", "minimum_age", "jury_size")),
        ("majority", BY_OFFICE | {"majority": Majority.TWO_THIRDS}),
        ("recused_count_for_quorum", BY_OFFICE | {"recused_count_for_quorum": True}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(RulesContradict) as refused:
        rules(**changes).checked()
    assert f"rules.{field}" in refused.value.fields


def test_all_contradictions_are_named_at_once() -> None:
    with pytest.raises(RulesContradict) as refused:
        rules(quorum_percent=120, jury_size=0, lump_sum_percent=101).checked()
    assert set(refused.value.fields) == {"rules.quorum_percent", "rules.jury_size", "rules.lump_sum_percent"}


def test_an_office_needs_neither_quorum_nor_seats() -> None:
    office = rules(decision_body=DecisionBody.OFFICE, quorum_percent=0, jury_size=0)
    assert office.checked() is office


def test_an_assembly_may_ask_for_an_age_and_for_enough_people() -> None:
    assembly = rules(**ASSEMBLY, minimum_age=14, quorum_count=10, majority=Majority.TWO_THIRDS)
    assert assembly.checked() is assembly


def test_receipts_alone_prove_what_is_paid_back() -> None:
    by_receipts = rules(receipts_only=True, lump_sum_percent=10)
    assert by_receipts.checked() is by_receipts


@pytest.mark.parametrize(
    ("first", "last", "gives"),
    [
        (0, 0, (2020, 2027, 2100)),
        (2027, 0, (2027, 2100)),
        (0, 2027, (2020, 2027)),
        (2027, 2027, (2027,)),
        (2028, 2099, ()),
    ],
)
def test_a_fund_gives_in_its_years(first: int, last: int, gives: tuple[int, ...]) -> None:
    found = tuple(year for year in (2020, 2027, 2100) if rules(first_year=first, last_year=last).gives_in(year))
    assert found == gives


def test_changed_rules_are_a_new_version() -> None:
    fund = a_fund().with_rules(rules(cap_cents=50_000))
    assert (fund.rules_version, fund.rules.cap_cents) == (2, 50_000)


def test_rules_that_contradict_do_not_change_a_fund() -> None:
    with pytest.raises(RulesContradict):
        a_fund().with_rules(rules(quorum_percent=101))


@pytest.mark.parametrize(("present", "enough"), [(7, False), (8, True), (15, True)])
def test_half_of_fifteen_seats_are_eight(present: int, enough: bool) -> None:
    assert rules(quorum_percent=50).quorate(present, 15) is enough


def test_a_counted_quorum_is_counted() -> None:
    counted = rules(quorum_percent=0, quorum_count=5)
    assert not counted.quorate(4, 15)
    assert counted.quorate(5, 15)


def test_nobody_is_never_a_quorum() -> None:
    assert not rules().quorate(0, 0)


def test_who_may_apply_is_everyone_unless_named() -> None:
    assert rules().admits(ApplicantKind.COMPANY)
    named = rules(who_may_apply=(ApplicantKind.PRIVATE_PERSON, ApplicantKind.INITIATIVE))
    assert named.admits(ApplicantKind.INITIATIVE)
    assert not named.admits(ApplicantKind.COMPANY)


any_rules = st.builds(
    FundRules,
    decision_body=st.sampled_from(DecisionBody),
    majority=st.sampled_from(Majority),
    payout=st.sampled_from(Payout),
    late=st.sampled_from(LateApplications),
    **{name: st.sampled_from((0, 5, 50, 101)) for name in ("quorum_percent", "resident_share_percent", "minimum_age")},
    **{name: st.sampled_from((0, 1, 5, 15)) for name in ("quorum_count", "jury_size", "jury_least", "grant_years")},
    **{name: st.sampled_from((0, 2026, 2027)) for name in ("first_year", "last_year")},
    **{
        name: st.booleans()
        for name in ("rolling", "receipts_only", "cap_exception_allowed", "recused_count_for_quorum")
    },
    cap_cents=st.sampled_from((0, 50_000)),
)


@given(any_rules)
def test_rules_hold_together_or_each_that_does_not_is_named(found: FundRules) -> None:
    named = problems(found)
    assert named <= {field.name for field in fields(FundRules)}
    if named:
        return
    held = found
    assert not (held.receipts_only and held.payout is Payout.ADVANCE)
    assert held.cap_cents or not held.cap_exception_allowed
    assert held.jury_least <= held.jury_size
    assert held.last_year == 0 or held.first_year <= held.last_year
    if held.decision_body is DecisionBody.JURY:
        assert bool(held.quorum_percent) != bool(held.quorum_count)
        assert held.quorate(held.jury_size, held.jury_size)
    else:
        assert (held.jury_size, held.quorum_percent) == (0, 0)


@given(any_rules.filter(lambda r: r.decision_body is DecisionBody.JURY))
def test_mending_what_is_named_makes_rules_that_hold(found: FundRules) -> None:
    sound: dict[str, Any] = {f.name: getattr(rules(), f.name) for f in fields(FundRules)}
    for _ in range(4):
        found = replace(found, **{name: sound[name] for name in problems(found)})
    assert found.checked() is found


def problems(found: FundRules) -> set[str]:
    try:
        found.checked()
    except RulesContradict as refused:
        return {name.removeprefix("rules.") for name in refused.fields}
    return set()
