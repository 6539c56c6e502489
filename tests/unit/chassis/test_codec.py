"""Between protos and dataclasses: absent is absent, every wrong field is named, nothing odd passes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
from annotated_types import Ge
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import DESCRIPTOR as TIMESTAMP_FILE
from hypothesis import given
from hypothesis import strategies as st

from chassis import codec
from chassis.fields import Cents, Day, Id, Line
from chassis.refusals import Invalid

F = FieldDescriptorProto


def _messages() -> tuple[Any, ...]:
    """message Item {name, amount_cents}; message Request {id, kind, items, at, day, note?, etag, count}."""
    file = FileDescriptorProto(name="try.proto", package="try", syntax="proto3")
    file.dependency.append("google/protobuf/timestamp.proto")
    kinds = file.enum_type.add(name="PotKind")
    for number, name in enumerate(("POT_KIND_UNSPECIFIED", "POT_KIND_ROUND", "POT_KIND_VERY_SQUARE")):
        kinds.value.add(name=name, number=number)
    item = file.message_type.add(name="Item")
    item.field.add(name="name", number=1, type=F.TYPE_STRING, label=F.LABEL_OPTIONAL)
    item.field.add(name="amount_cents", number=2, type=F.TYPE_INT64, label=F.LABEL_OPTIONAL)
    request = file.message_type.add(name="Request")
    one, many = F.LABEL_OPTIONAL, F.LABEL_REPEATED
    request.field.add(name="id", number=1, type=F.TYPE_STRING, label=one)
    request.field.add(name="kind", number=2, type=F.TYPE_ENUM, type_name=".try.PotKind", label=one)
    request.field.add(name="items", number=3, type=F.TYPE_MESSAGE, type_name=".try.Item", label=many)
    request.field.add(name="at", number=4, type=F.TYPE_MESSAGE, type_name=".google.protobuf.Timestamp", label=one)
    request.field.add(name="day", number=5, type=F.TYPE_STRING, label=one)
    request.field.add(name="etag", number=6, type=F.TYPE_STRING, label=one)
    request.field.add(name="count", number=7, type=F.TYPE_INT32, label=one)
    pool = DescriptorPool()
    pool.AddSerializedFile(TIMESTAMP_FILE.serialized_pb)
    pool.Add(file)
    return tuple(GetMessageClass(pool.FindMessageTypeByName(f"try.{name}")) for name in ("Item", "Request"))


Item, Request = _messages()
ID = "0192f3a4-5b6c-7d8e-9f01-23456789abcd"


class Kind(StrEnum):
    ROUND = "round"
    VERY_SQUARE = "very_square"


@dataclass(frozen=True, slots=True)
class Thing:
    name: Line
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class Ask:
    id: Id
    kind: Kind
    items: tuple[Thing, ...] = ()
    at: datetime | None = None
    day: Day | None = None
    count: Annotated[int, Ge(0)] = 0


@dataclass(frozen=True, slots=True)
class Answer:
    id: str
    kind: Kind
    items: tuple[Thing, ...]
    at: datetime | None
    day: date | None
    count: int
    version: int = 3


def _read(**fields: object) -> Ask:
    return codec.read(Request(**({"id": ID, "kind": 1} | fields)), Ask)


def _wrong(**fields: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        _read(**fields)
    return caught.value.fields


def test_a_request_becomes_a_command_by_field_names() -> None:
    at = datetime(2027, 1, 22, 10, tzinfo=UTC)
    asked = _read(kind=2, items=[Item(name="Farbe", amount_cents=1250)], at=at, day="2027-03-28")
    assert asked == Ask(ID, Kind.VERY_SQUARE, (Thing("Farbe", 1250),), at, date(2027, 3, 28), 0)


def test_a_default_is_absent_and_an_absent_field_without_default_is_required() -> None:
    assert _wrong(id="", kind=0) == {"id": "is required", "kind": "is required"}


def test_each_wrong_field_is_named_with_its_place() -> None:
    wrong = _wrong(items=[Item(name="ok", amount_cents=5), Item(name="", amount_cents=-5)], day="31.12.2027")
    assert set(wrong) == {"items[1].name", "items[1].amount_cents", "day"}


@pytest.mark.parametrize("text", ["a\x00b", "bell \x07", "x" * 20_001])
def test_text_that_nobody_writes_is_refused(text: str) -> None:
    assert set(_wrong(items=[Item(name=text, amount_cents=1)])) == {"items[0].name"}


def test_an_enum_number_that_nobody_knows_is_refused() -> None:
    assert _wrong(kind=77) == {"kind": "is not a value of this choice"}


def test_an_instant_outside_the_calendar_is_refused() -> None:
    request = Request(id=ID, kind=1)
    request.at.seconds = 10**15
    with pytest.raises(Invalid) as caught:
        codec.read(request, Ask)
    assert set(caught.value.fields) == {"at"}


def test_more_items_than_anyone_needs_are_refused() -> None:
    assert set(_wrong(items=[Item(name="x", amount_cents=1)] * 1001)) == {"items"}


def test_a_result_becomes_a_response_by_attribute_names() -> None:
    at = datetime(2027, 1, 22, 10, tzinfo=UTC)
    answer = Answer(ID, Kind.VERY_SQUARE, (Thing("Farbe", 1250),), at, date(2027, 3, 28), 2)
    response: Any = codec.write(Request, answer)
    assert (response.id, response.kind, response.day, response.etag, response.count) == (ID, 2, "2027-03-28", "3", 2)
    assert response.items[0].amount_cents == 1250
    assert response.at.ToDatetime(UTC) == at


def test_what_is_not_there_stays_unset() -> None:
    response: Any = codec.write(Request, Answer(ID, Kind.ROUND, (), None, None, 0))
    assert not response.HasField("at")
    assert response.day == ""


@given(
    kind=st.sampled_from(Kind),
    items=st.lists(
        st.builds(
            Thing,
            st.from_regex(r"[A-Za-zäöüß ]*[a-z]", fullmatch=True).filter(lambda s: len(s) < 200),
            st.integers(1, 10**12),
        )
    ),
    at=st.datetimes(timezones=st.just(UTC)).map(lambda d: d.replace(microsecond=d.microsecond // 1000 * 1000)),
    day=st.dates(date(2000, 1, 1), date(2200, 12, 31)),
)
def test_what_is_written_is_read_back(kind: Kind, items: list[Thing], at: datetime, day: date) -> None:
    response: Any = codec.write(Request, Answer(ID, kind, tuple(items), at, day, 4))
    assert codec.read(response, Ask) == Ask(ID, kind, tuple(items), at, day, 4)
