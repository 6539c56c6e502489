"""Every value of a label that an alert or a panel asks for is one that is written: of any other, nobody is ever woken."""

import json
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
import yaml

from chassis import refusals
from chassis.envelope import Catalogue
from chassis.refusals import Exhausted, Refusal
from chassis.rpc import status
from kiezctl.home import ROOT
from kiezctl.ports import SERVICES
from services.funds.domain.ledger import Account
from services.notify.domain.notification import Ending, NotificationStatus

DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
# Labels without a fixed list of values.
FREE = {"rpc", "reason", "where", "durable", "part"}


def _statuses() -> set[str]:
    """What a call is counted under: every answer of a service by its own status."""
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
    said = [
        status.of_refusal(
            kind("NO", "No.", retry_after=1) if kind is Exhausted else kind("NO", "No."), "funds"
        ).code.name
        for kind in kinds
        if kind is not Refusal
    ]
    return {*said, status.of_bug("id", "funds").code.name, status.of_deadline("funds").code.name, "OK", "CANCELLED"}


def _types() -> set[str]:
    services = {name: import_module(f"services.{name}.messages.published").PUBLISHED for name in SERVICES}
    return {Catalogue(name, "test", facts).type_of(fact) for name, facts in services.items() for fact in facts}


def _jobs() -> set[str]:
    settings = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    return {scraped["job_name"] for scraped in settings["scrape_configs"]}


WRITTEN = {
    ("kiez_rpc_calls_total", "status"): _statuses(),
    ("kiez_published_total", "type"): _types(),
    ("kiez_letters_total", "outcome"): {one.value for one in Ending},
    ("kiez_notifications", "status"): {one.value for one in NotificationStatus},
    ("kiez_ledger_cents", "account"): {one.value for one in Account},
}


def _queries() -> Iterator[tuple[str, str]]:
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for board in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(board.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                yield f"{board.stem}: {panel['title']}", target["expr"]


def _asked(query: str) -> Iterator[tuple[str, str, str]]:
    """Metric, label and value, one by one also where a pattern names several."""
    for metric, matchers in re.findall(r"\b(kiez_\w+|up)\{([^}]*)\}", query):
        for label, values in re.findall(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"', matchers):
            for value in values.split("|"):
                yield metric, label, value.replace("[.]", ".")


ASKED = [(place, *asked) for place, query in _queries() for asked in _asked(query) if asked[1] not in FREE]


def test_labels_are_asked_for_in_alerts_and_in_panels() -> None:
    assert {(metric, label) for _, metric, label, _ in ASKED if label != "job"} == set(WRITTEN)


@pytest.mark.parametrize(("place", "metric", "label", "value"), sorted(set(ASKED)))
def test_a_value_that_is_asked_for_is_written(place: str, metric: str, label: str, value: str) -> None:
    assert value in (_jobs() if label == "job" else WRITTEN[metric, label])


def test_the_alert_on_errors_asks_for_every_status_that_is_a_failure() -> None:
    (query,) = (query for alert, query in _queries() if alert == "Errors")
    assert {value for _, label, value in _asked(query) if label == "status"} == set(status.FAILURES)
