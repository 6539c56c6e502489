"""What anyone in the city may read is listed field by field: a change of it is seen, and decided."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.promises import SAID
from tools.catalogue.said import Message

LISTED = Path(__file__).with_name("public.txt")
# What would name or reach a person; organisations and places have names, persons only a `person_ref`.
PERSONAL = {
    "email",
    "phone",
    "iban",
    "contact",
    "contacts",
    "first_name",
    "last_name",
    "birth_date",
    "attendees",
    "sub",
}


def fields(message: Message) -> set[str]:
    """Every field of the body with its path, "state.place.street"."""
    return set(_paths(message.schema, message.schema, ""))


def _paths(node: dict[str, Any], root: dict[str, Any], path: str) -> list[str]:
    if "$ref" in node:
        return _paths(root["$defs"][node["$ref"].rpartition("/")[2]], root, path)
    below = [*node.get("anyOf", ()), *([node["items"]] if "items" in node else [])]
    found = [inner for kind in below for inner in _paths(kind, root, path)]
    for name, field in node.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        found += [here, *_paths(field, root, here)]
    return found


def test_what_is_public_is_what_was_decided_to_be() -> None:
    public = [message for message in SAID.values() if message.audiences[0] == "pub"]
    now = sorted(f"{message.type} {field}" for message in public for field in fields(message) if field != "left")

    assert now == LISTED.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("type", SAID)
def test_no_message_names_or_reaches_a_person(type: str) -> None:
    names = {field.rpartition(".")[2] for field in fields(SAID[type])}

    assert names & PERSONAL == set()
