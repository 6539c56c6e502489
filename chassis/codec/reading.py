"""From a request to a command: a proto3 default without presence counts as absent."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.codec.checking import check, invalid_fields
from chassis.envelope import WORD_START

C = TypeVar("C")

LONGEST_TEXT = 20_000
LONGEST_LIST = 1_000
TIMESTAMP = "google.protobuf.Timestamp"


def read(request: Message, kind: type[C]) -> C:
    """The command in `request`. A proto3 default without presence counts as absent."""
    problems: dict[str, str] = {}
    values = _values(request, "", problems)
    if problems:
        raise invalid_fields(problems)
    return check(kind, values)


def _values(message: Message, path: str, problems: dict[str, str]) -> dict[str, Any]:
    return {field.name: _value(field, value, f"{path}{field.name}", problems) for field, value in message.ListFields()}


def _value(field: FieldDescriptor, value: Any, path: str, problems: dict[str, str]) -> Any:
    if is_map(field):
        return {key: _single(field, item, f"{path}[{key}]", problems) for key, item in value.items()}
    if field.is_repeated:
        if len(value) > LONGEST_LIST:
            problems[path] = f"must have at most {LONGEST_LIST} items"
            return ()
        return tuple(_single(field, item, f"{path}[{i}]", problems) for i, item in enumerate(value))
    return _single(field, value, path, problems)


def is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _single(field: FieldDescriptor, value: Any, path: str, problems: dict[str, str]) -> Any:
    if field.enum_type is not None:
        return _enum_value(field.enum_type, value, path, problems)
    if field.message_type is not None and field.message_type.full_name == TIMESTAMP:
        return _instant(value, path, problems)
    if isinstance(value, Message):
        return _values(value, f"{path}.", problems)
    if isinstance(value, str):
        _check_text(value, path, problems)
    elif isinstance(value, float) and not -1e300 < value < 1e300:
        problems[path] = "must be a finite number"
    return value


def _check_text(value: str, path: str, problems: dict[str, str]) -> None:
    if len(value) > LONGEST_TEXT:
        problems[path] = f"must have at most {LONGEST_TEXT} characters"
    elif not value.isprintable() and any(c < " " and c not in "\n\r\t" for c in value):
        problems[path] = "must not hold control characters"


def _instant(value: Any, path: str, problems: dict[str, str]) -> datetime | None:
    try:
        instant: datetime = value.ToDatetime(UTC)
    except ValueError:
        problems[path] = "must be an instant between the years 1 and 9999"
        return None
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@cache
def enum_prefix(enum: EnumDescriptor) -> str:
    return f"{WORD_START.sub('_', enum.name).upper()}_"


def _enum_value(enum: EnumDescriptor, number: int, path: str, problems: dict[str, str]) -> str | None:
    value = enum.values_by_number.get(number)
    if value is None:
        problems[path] = "is not a value of this choice"
        return None
    return str(value.name.removeprefix(enum_prefix(enum)).lower())
