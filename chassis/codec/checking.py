"""Checked values: a mapping becomes a dataclass with field types of chassis.fields, or a refusal naming each field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from chassis.refusals import Invalid

C = TypeVar("C")


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def check(kind: type[C], values: Mapping[str, Any]) -> C:
    """`values` as a `kind` (a dataclass with field types of chassis.fields); Invalid names each wrong field."""
    adapter = _ADAPTERS.get(kind) or _ADAPTERS.setdefault(kind, TypeAdapter(kind))
    try:
        checked: C = adapter.validate_python(dict(values))
    except ValidationError as error:
        wrong = {_path(e["loc"]): _sentence(e) for e in error.errors(include_url=False)}
    else:
        return checked
    # Not where it was caught: as part of a refusal, pydantic's error would stay in memory with the whole call.
    raise invalid_fields(wrong)


def invalid_fields(fields: Mapping[str, str]) -> Invalid:
    told = "; ".join(f"{field} {what}" for field, what in list(fields.items())[:5])
    return Invalid("INVALID_FIELDS", f"Please correct: {told}.", fields=fields)


def _path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "request"


def _sentence(error: Any) -> str:
    if error["type"] == "missing":
        return "is required"
    message: str = error["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]
