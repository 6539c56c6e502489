"""A published schema leaves room to grow: readers of today must not stumble over what comes tomorrow."""

from enum import StrEnum
from typing import Literal

from jsonschema import Draft202012Validator

from chassis.envelope import Body
from tools.catalogue.samples import sample_of
from tools.catalogue.schemas import schema_of


class Colour(StrEnum):
    RED = "red"


class Thing(Body):
    """A thing; its fields have the names of schema words, which must not be lost."""

    title: str
    enum: Colour
    const: Literal["one", "two"]
    things: tuple[tuple[str, int], ...]
    by_name: dict[str, int]
    maybe_id: str | None


SCHEMA = schema_of(Thing, "urn:thing")


def test_no_field_is_lost() -> None:
    assert set(SCHEMA["properties"]) == set(Thing.model_fields)


def test_a_field_of_a_later_version_and_a_new_choice_are_no_errors() -> None:
    later = sample_of(SCHEMA) | {"enum": "green", "const": "three", "weight": 3}

    Draft202012Validator(SCHEMA).validate(later)


def test_the_choices_of_today_are_named() -> None:
    assert SCHEMA["$defs"]["Colour"]["x-known-values"] == ["red"]
    assert SCHEMA["properties"]["const"]["x-known-values"] == ["one", "two"]


def test_a_wrong_type_stays_an_error() -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(sample_of(SCHEMA) | {"title": 1})


def test_a_sample_fills_every_field_as_the_model_takes_it() -> None:
    sample = sample_of(SCHEMA)

    assert set(sample) == set(Thing.model_fields)
    assert Thing.model_validate(sample, strict=False).maybe_id == sample["maybe_id"]
