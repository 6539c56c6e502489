"""Every alert says what is wrong and what to do, asks for metrics that there are, and has a test that sees it fire."""

import re
from typing import Any

import pytest
import yaml

from kiezctl.home import ROOT

FOLDER = ROOT / "deploy" / "prometheus"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
TESTS: list[dict[str, Any]] = [
    check
    for test in yaml.safe_load((FOLDER / "alerts.test.yml").read_text(encoding="utf-8"))["tests"]
    for check in test["alert_rule_test"]
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_to_do_and_was_seen_to_fire_and_to_be_silent(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["action"].endswith(".")
    of_rule = [bool(check.get("exp_alerts")) for check in TESTS if check["alertname"] == rule["alert"]]
    assert set(of_rule) == {True, False}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_metrics_that_there_are(rule: dict[str, Any]) -> None:
    there = set(
        re.findall(r"^\| `(kiez_\w+)`", (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {name.removesuffix("_bucket") for name in re.findall(r"kiez_\w+", rule["expr"])} <= there


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_what_an_alert_sends_to_is_there(rule: dict[str, Any]) -> None:
    for page in re.findall(r"docs/[a-z/-]+[.]md|deploy/[a-z]+", rule["annotations"]["action"]):
        assert (ROOT / page).exists(), page
