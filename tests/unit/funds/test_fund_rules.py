"""The rules of a fund are refused together, each with its field."""

from typing import Any

import pytest

from services.funds.domain.fund_rules import ApplicantKind, DecisionBody, LateApplications
from services.funds.domain.refusals.fund import RulesContradict
from tests.support.funds import a_fund, rules


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
