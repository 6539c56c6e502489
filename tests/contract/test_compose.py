"""What docker-compose.yml promises in its own words, read without an engine."""

from typing import Any

import pytest
import yaml

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
