"""A sample of a message, made from its schema: the same schema always gives the same sample."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Schema = dict[str, Any]
_BY_FORMAT = {
    "date-time": "2027-01-22T23:00:00Z",
    "date": "2027-02-10",
    "uri": "https://example.org/",
    "time": "18:00:00",
    "duration": "PT1H",
}
_BY_NAME = {
    "region": "114009",
    "regions": "114009",
    "year": 2027,
    "latitude": 52.514,
    "longitude": 13.499,
    "url": "https://example.org/",
    "language": "de",
    "languages": "de",
    "time_zone": "Europe/Berlin",
}


def sample_of(schema: Schema, name: str = "", root: Schema | None = None) -> Any:
    """A value that the schema takes, every field filled; `name` is the field's, which says what it means."""
    root = root or schema
    if "$ref" in schema:
        return sample_of(root["$defs"][schema["$ref"].rpartition("/")[2]], name, root)
    if "anyOf" in schema:
        return sample_of(next(s for s in schema["anyOf"] if s.get("type") != "null"), name, root)
    if "x-known-values" in schema:
        return schema["x-known-values"][0]
    if schema.get("type") == "object":
        return _object(schema, root)
    if schema.get("type") == "array":
        items = schema.get("prefixItems") or [schema.get("items", {})]
        return [sample_of(item, name, root) for item in items]
    return _plain(schema, name)


def _object(schema: Schema, root: Schema) -> dict[str, Any]:
    if "properties" not in schema:
        return {"key": sample_of(schema.get("additionalProperties") or {}, "key", root)}
    return {key: sample_of(value, key, root) for key, value in schema["properties"].items() if key != "left"}


def _plain(schema: Schema, name: str) -> Any:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if schema.get("type") in {"integer", "number"}:
        return max(100, schema.get("minimum", 0)) if name.endswith("_cents") else max(1, schema.get("minimum", 0))
    if schema.get("type") == "boolean":
        return False
    return _text(schema, name)


def _text(schema: Schema, name: str) -> str:
    if "format" in schema:
        return _BY_FORMAT[schema["format"]]
    if name == "id" or name.endswith(("_id", "_ids")):
        # A UUIDv7 in its form, the same for the same name.
        digits = uuid5(NAMESPACE_URL, name).hex
        return f"0192f3a4-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
    if name.endswith(("_ref", "_refs")):
        return uuid5(NAMESPACE_URL, name).hex
    return name.replace("_", " ")
