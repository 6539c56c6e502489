"""Who did what, as a party to a file or a jury reads it: that it was done, when and why; by whom only where it was themselves."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

R = TypeVar("R")
# Every field of a record, or of a record within it, that holds a `sub` or several.
SUBS = frozenset(
    (
        "accepted_by",
        "agreed_by",
        "applicant_sub",
        "by",
        "closed_by",
        "decided_by",
        "entered_by",
        "exported_by",
        "ordered_by",
        "proposer_sub",
        "queried_by",
        "released_by",
        "reopened_by",
        "submitted_by",
    )
)


def with_own_name_only(record: R, sub: str) -> R:
    """The record without any `sub` but this one."""
    found: Any = record
    read = {field.name: _read(field.name, getattr(found, field.name), sub) for field in fields(found)}
    return cast(R, replace(found, **read))


def _read(name: str, value: Any, sub: str) -> Any:
    if isinstance(value, tuple):
        if name in SUBS:
            return tuple(one for one in value if one == sub)
        return tuple(with_own_name_only(one, sub) if is_dataclass(one) else one for one in value)
    if name in SUBS:
        return value if value == sub else ""
    return with_own_name_only(value, sub) if is_dataclass(value) else value
