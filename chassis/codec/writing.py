"""From a result to a response: a field takes the attribute of its name; writers are made once for each message type."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.codec.reading import TIMESTAMP, enum_prefix, is_map

M = TypeVar("M", bound=Message)
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
    if isinstance(source, Mapping):
        for name, write_field, _ in _writers(message.DESCRIPTOR):
            write_field(message, source[name])
        return
    for name, write_field, says_nothing in _writers(message.DESCRIPTOR):
        value = getattr(source, name)
        # Most fields of most records: what a reader takes an absent field for.
        if value or not says_nothing:
            write_field(message, value)


@cache
def _writers(descriptor: Descriptor) -> tuple[tuple[str, Writer, bool], ...]:
    """For each field the attribute that it takes, its writer, and whether an empty value needs no writing."""
    return tuple(_named(field) for field in descriptor.fields)


def _named(field: FieldDescriptor) -> tuple[str, Writer, bool]:
    if field.name == "etag":
        return "version", lambda message, version: setattr(message, "etag", str(version)), False
    return field.name, _writer(field), not field.has_presence or field.is_repeated


@cache
def _writer(field: FieldDescriptor) -> Writer:
    name = field.name
    if is_map(field):
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
    if field.message_type.full_name == TIMESTAMP:

        def write_instants(message: Any, value: Any) -> None:
            for item in value:
                getattr(message, name).add().FromDatetime(item)

        return write_instants

    def write_each(message: Any, value: Any) -> None:
        for item in value:
            _fill(getattr(message, name).add(), item)

    return write_each


def _message_writer(field: FieldDescriptor) -> Writer:
    name = field.name
    instant = field.message_type is not None and field.message_type.full_name == TIMESTAMP

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
        prefix = enum_prefix(enum)
        numbers = {value.name.removeprefix(prefix).lower(): value.number for value in enum.values}
        return lambda value: numbers[str(value.value if isinstance(value, Enum) else value)] if value else 0
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return _text
    return lambda value: value


def _text(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
