"""Who reads what a release promised still reads what we say today: within v1, messages only grow."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contract.promises import PROMISES, SAID, type_of
from tools.catalogue.samples import sample_of


def shape(node: dict[str, Any], root: dict[str, Any]) -> Any:
    """A schema without what may change: descriptions, known choices, and the names of its parts."""
    if "$ref" in node:
        return shape(root["$defs"][node["$ref"].rpartition("/")[2]], root)
    kept: dict[str, Any] = {
        key: node[key] for key in ("type", "format", "pattern", "minimum", "maximum") if key in node
    }
    for key in ("anyOf", "prefixItems"):
        kept |= {key: [shape(kind, root) for kind in node[key]]} if key in node else {}
    for key in ("items", "additionalProperties"):
        kept |= {key: shape(node[key], root)} if isinstance(node.get(key), dict) else {}
    if "properties" in node:
        kept["required"] = sorted(node.get("required", ()))
        kept["properties"] = {name: shape(field, root) for name, field in node["properties"].items()}
    return kept


def lost(old: Any, new: Any, path: str = "") -> list[str]:
    """Where `new` no longer keeps what `old` promised."""
    if isinstance(old, dict) and isinstance(new, dict):
        gone = [f"{path}.{key}" for key in old if key not in new]
        return gone + [found for key in old if key in new for found in lost(old[key], new[key], f"{path}.{key}")]
    if path.endswith(".required") and isinstance(old, list) and isinstance(new, list):
        return [f"{path}: {name}" for name in old if name not in new]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for n, (a, b) in enumerate(zip(old, new, strict=True)) for found in lost(a, b, f"{path}[{n}]")]
    return [] if old == new else [f"{path}: {old!r} became {new!r}"]


@pytest.mark.parametrize("promise", PROMISES)
def test_a_released_message_is_still_said_to_those_who_heard_it(promise: str) -> None:
    message = SAID[type_of(promise)]

    assert set(PROMISES[promise]["audiences"]) <= set(message.audiences)


@pytest.mark.parametrize("promise", PROMISES)
def test_a_released_message_lost_no_field_and_no_field_changed_its_meaning(promise: str) -> None:
    old, new = PROMISES[promise]["schema"], SAID[type_of(promise)].schema

    assert lost(shape(old, old), shape(new, new)) == []


@pytest.mark.parametrize("promise", PROMISES)
def test_an_old_reader_reads_what_is_said_today(promise: str) -> None:
    today = json.loads(json.dumps(sample_of(SAID[type_of(promise)].schema)))

    Draft202012Validator(PROMISES[promise]["schema"]).validate(today)


@pytest.mark.parametrize("promise", PROMISES)
def test_a_reader_of_today_reads_what_was_said_then(promise: str) -> None:
    Draft202012Validator(SAID[type_of(promise)].schema).validate(PROMISES[promise]["sample"])


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}, ".properties.b"),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
            ".properties.a.type: 'string' became 'integer'",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
            ".required: a",
        ),
    ],
)
def test_a_lost_a_changed_and_a_no_longer_promised_field_are_noticed(new: dict[str, Any], what: str) -> None:
    old = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}

    assert lost(shape(old, old), shape(new, new)) == [what]


def test_a_field_more_is_no_loss() -> None:
    old = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    new = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}

    assert lost(shape(old, old), shape(new, new)) == []
