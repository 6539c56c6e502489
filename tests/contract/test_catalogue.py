"""The catalogue is true: AsyncAPI is valid and complete, and every sample is a message."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from tests.contract.promises import SAID
from tools.catalogue.asyncapi import document
from tools.catalogue.samples import sample_of

SPECIFICATION = json.loads(Path(__file__).with_name("schemas").joinpath("asyncapi-3.0.0.json").read_text())
DOCUMENT = document(tuple(SAID.values()), "0.0.0")


def test_the_asyncapi_document_is_valid() -> None:
    Draft7Validator(SPECIFICATION).validate(DOCUMENT)


def test_a_document_that_is_not_valid_is_noticed() -> None:
    assert not Draft7Validator(SPECIFICATION).is_valid(DOCUMENT | {"channels": {"a": {"addres": "b"}}})


@pytest.mark.parametrize("type", SAID)
def test_each_message_has_its_channel_its_operation_and_its_audience(type: str) -> None:
    message = SAID[type]
    key = f"{message.service}.{message.fact}"
    channel: dict[str, Any] = DOCUMENT["channels"][key]

    assert channel["address"].startswith(f"kiez.{{audience}}.{message.service}.v1.{message.fact}.")
    assert channel["parameters"]["audience"]["enum"] == list(message.audiences)
    assert DOCUMENT["operations"][f"say.{key}"]["channel"] == {"$ref": f"#/channels/{key}"}
    assert DOCUMENT["components"]["messages"][key]["name"] == type


def test_the_document_has_nothing_that_nobody_says() -> None:
    assert set(DOCUMENT["channels"]) == {f"{message.service}.{message.fact}" for message in SAID.values()}


@pytest.mark.parametrize("type", SAID)
def test_the_sample_of_a_message_is_one(type: str) -> None:
    message = SAID[type]
    sample = sample_of(message.schema)

    Draft202012Validator(message.schema).validate(sample)
    message.model.model_validate_json(json.dumps(sample))


@pytest.mark.parametrize("type", SAID)
def test_what_the_service_writes_fits_the_schema_that_it_published(type: str) -> None:
    message = SAID[type]
    written = message.model.model_validate_json(json.dumps(sample_of(message.schema))).model_dump_json()

    Draft202012Validator(message.schema).validate(json.loads(written))
