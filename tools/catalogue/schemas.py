"""The JSON Schema of a message as others may rely on it: open, since within a version messages only grow."""

from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What closes a schema; and titles, which only repeat the field's name.
_CLOSING = frozenset({"additionalProperties", "enum", "const", "title"})


def schema_of(model: type[BaseModel], id: str) -> dict[str, Any]:
    """What readers must expect: fields that nobody declared yet, and new values in a list of choices."""
    schema = opened(model.model_json_schema(mode="serialization"))
    return {"$schema": DIALECT, "$id": id, **schema}


def opened(node: Any) -> Any:
    """The same schema without what a later version of v1 may break; known choices stay as `x-known-values`."""
    if isinstance(node, list):
        return [opened(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _opened_at(key, value) for key, value in node.items() if key not in _CLOSING}
    if isinstance(node.get("additionalProperties"), dict):
        kept["additionalProperties"] = opened(node["additionalProperties"])
    known = node.get("enum") or ([node["const"]] if "const" in node else [])
    return kept | ({"x-known-values": known} if known else {})


def _opened_at(key: str, value: Any) -> Any:
    # Below these two the keys are names of ours, which may well be called "title" or "enum".
    if key in {"properties", "$defs"}:
        return {name: opened(field) for name, field in value.items()}
    return opened(value)
