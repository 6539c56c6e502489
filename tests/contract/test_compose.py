"""What docker-compose.yml promises in its own words, read without an engine."""

from typing import Any

import pytest
import yaml
from annotated_types import Le

from chassis.runtime import END_SECONDS
from chassis.settings import ServiceSettings
from kiezctl.home import ROOT
from kiezctl.ports import SERVICES

FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
PARTS: dict[str, Any] = FILE["services"]


def _environment(part: str) -> dict[str, str]:
    found: dict[str, str] = PARTS[part]["environment"]
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_stands_on_is_made_by_the_settings_of_the_service(name: str) -> None:
    prepares, runs = PARTS[f"prepare-{name}"], PARTS[name]
    assert prepares["env_file"] == runs["env_file"]
    login = f"{name.upper()}_NATS_NKEY_FILE"
    assert _environment(f"prepare-{name}") == _environment(name) | {login: "/run/store/nats.nk"}


@pytest.mark.parametrize("part", PARTS)
def test_no_part_takes_more_than_its_share_of_the_machine(part: str) -> None:
    assert {"mem_limit", "cpus", "pids_limit", "logging", "read_only"} <= PARTS[part].keys()


def test_who_looks_at_figures_or_mails_shares_no_network_with_what_is_called_from_outside() -> None:
    networks = {part: set(content.get("networks", ())) for part, content in PARTS.items()}
    assert {part for part, on in networks.items() if "edge" in on} == {*SERVICES, "nats"}
    assert networks["mail"] == {"post"}
    assert networks["grafana"] == {"figures"}
    assert networks["prometheus"] == {"bus", "figures"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_longer_to_end_than_its_end_takes(name: str) -> None:
    longest = next(rule.le for rule in ServiceSettings.model_fields["drain_seconds"].metadata if isinstance(rule, Le))
    assert isinstance(longest, int)
    assert int(PARTS[name]["stop_grace_period"].removesuffix("s")) > 8 * END_SECONDS + longest * 1.25 + 2


@pytest.mark.parametrize("name", SERVICES)
def test_how_many_there_are_is_a_setting_that_lasts(name: str) -> None:
    assert PARTS[name]["scale"] == f"${{{name.upper()}_REPLICAS:-1}}"
