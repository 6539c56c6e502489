"""Between protos and dataclasses, by field names: a request becomes a checked command, a result becomes a response."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import TypeAdapter, ValidationError

from chassis.envelope import WORD_START
from chassis.refusals import Invalid

C = TypeVar("C")
M = TypeVar("M", bound=Message)

LONGEST_TEXT = 20_000
LONGEST_LIST = 1_000
_TIMESTAMP = "google.protobuf.Timestamp"


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def check(kind: type[C], values: Mapping[str, Any]) -> C:
    """`values` as a `kind` (a dataclass with field types of chassis.fields); Invalid names each wrong field."""
    try:
        return _adapter(kind).validate_python(dict(values))  # type: ignore[no-any-return]  # TypeAdapter[Any]
    except ValidationError as error:
        raise invalid_fields({_path(e["loc"]): _sentence(e) for e in error.errors(include_url=False)}) from None


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


# From a request to a command -------------------------------------------------------------------------------------


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
    if _is_map(field):
        return {key: _single(field, item, f"{path}[{key}]", problems) for key, item in value.items()}
    if field.is_repeated:
        if len(value) > LONGEST_LIST:
            problems[path] = f"must have at most {LONGEST_LIST} items"
            return ()
        return tuple(_single(field, item, f"{path}[{i}]", problems) for i, item in enumerate(value))
    return _single(field, value, path, problems)


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _single(field: FieldDescriptor, value: Any, path: str, problems: dict[str, str]) -> Any:
    if field.enum_type is not None:
        return _enum_value(field.enum_type, value, path, problems)
    if isinstance(value, Timestamp):
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
    elif any(c < " " and c not in "\n\r\t" for c in value):
        problems[path] = "must not hold control characters"


def _instant(value: Timestamp, path: str, problems: dict[str, str]) -> datetime | None:
    try:
        instant = value.ToDatetime(UTC)
    except ValueError:
        problems[path] = "must be an instant between the years 1 and 9999"
        return None
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@cache
def _enum_prefix(enum: EnumDescriptor) -> str:
    return f"{WORD_START.sub('_', enum.name).upper()}_"


def _enum_value(enum: EnumDescriptor, number: int, path: str, problems: dict[str, str]) -> str | None:
    value = enum.values_by_number.get(number)
    if value is None:
        problems[path] = "is not a value of this choice"
        return None
    return str(value.name.removeprefix(_enum_prefix(enum)).lower())


# From a result to a response -------------------------------------------------------------------------------------


Writer = Callable[[Any, Any], None]


def write(kind: type[M], result: Any, field: str = "") -> M:
    """`result` as a response: in its field `field`, or, without one, by the result's own attributes."""
    response = kind()
    if field:
        _writer(kind.DESCRIPTOR.fields_by_name[field])(response, result)
    elif result is not None:
        _fill(response, result)
    return response


def _fill(message: Message, source: Any) -> None:
    for writer in _writers(message.DESCRIPTOR):
        writer(message, source)


@cache
def _writers(descriptor: Descriptor) -> tuple[Writer, ...]:
    return tuple(_from_attribute(field) for field in descriptor.fields)


def _from_attribute(field: FieldDescriptor) -> Writer:
    writer = _writer(field)
    if field.name == "etag":
        return lambda message, source: setattr(message, "etag", str(source.version))
    name = field.name
    return lambda message, source: writer(message, _attribute(source, name))


def _attribute(source: Any, name: str) -> Any:
    return source[name] if isinstance(source, Mapping) else getattr(source, name)


@cache
def _writer(field: FieldDescriptor) -> Writer:
    name = field.name
    if _is_map(field):
        return lambda message, value: getattr(message, name).update({str(k): v for k, v in value.items()})
    if field.is_repeated:
        return _repeated_writer(field)
    if field.message_type is not None:
        return _message_writer(field)
    scalar = _scalar(field)

    def write_scalar(message: Any, value: Any) -> None:
        if value is not None:
            setattr(message, name, scalar(value))

    return write_scalar


def _repeated_writer(field: FieldDescriptor) -> Writer:
    name = field.name
    if field.message_type is None:
        scalar = _scalar(field)
        return lambda message, value: getattr(message, name).extend(scalar(item) for item in value)
    if field.message_type.full_name == _TIMESTAMP:
        return lambda message, value: [getattr(message, name).add().FromDatetime(item) for item in value] and None

    def write_each(message: Any, value: Any) -> None:
        for item in value:
            _fill(getattr(message, name).add(), item)

    return write_each


def _message_writer(field: FieldDescriptor) -> Writer:
    name = field.name
    instant = field.message_type.full_name == _TIMESTAMP

    def write_message(message: Any, value: Any) -> None:
        if value is None:
            return
        part = getattr(message, name)
        part.SetInParent()
        if instant:
            part.FromDatetime(value)
        else:
            _fill(part, value)

    return write_message


def _scalar(field: FieldDescriptor) -> Callable[[Any], Any]:
    enum = field.enum_type
    if enum is not None:
        prefix = _enum_prefix(enum)
        numbers = {value.name.removeprefix(prefix).lower(): value.number for value in enum.values}
        return lambda value: numbers[str(value.value if isinstance(value, Enum) else value)] if value else 0
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return _text
    return lambda value: value


def _text(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
