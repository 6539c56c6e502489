"""Each service has its own words for what it hears; they must fit what the other says, now and in every release."""

import json
from typing import Any

import pytest

from chassis.envelope import Heard
from tests.contract.promises import AHEAD, ANNOUNCED, HEARD, PROMISES, SAID, type_of
from tools.catalogue.samples import sample_of

EACH = pytest.mark.parametrize(("service", "model"), HEARD, ids=[f"{s} hears {m.type}" for s, m in HEARD])


@EACH
def test_what_a_service_hears_is_said_by_its_owner(service: str, model: type[Heard]) -> None:
    assert model.type in SAID
    assert SAID[model.type].service != service


def test_what_is_heard_before_it_is_said_is_announced_and_not_said_yet() -> None:
    assert {model.type for model in AHEAD} == ANNOUNCED
    assert not ANNOUNCED & set(SAID)


@EACH
def test_what_is_said_today_is_understood(service: str, model: type[Heard]) -> None:
    model.model_validate_json(json.dumps(sample_of(SAID[model.type].schema)))


@EACH
def test_what_every_release_said_is_understood(service: str, model: type[Heard]) -> None:
    for promise, content in PROMISES.items():
        if type_of(promise) == model.type:
            model.model_validate_json(json.dumps(content["sample"]))


@EACH
def test_a_field_that_nobody_knows_yet_is_passed_over(service: str, model: type[Heard]) -> None:
    sample: dict[str, Any] = sample_of(SAID[model.type].schema)
    sample["state"]["field_of_a_later_version"] = 1

    model.model_validate_json(json.dumps(sample | {"field_of_a_later_version": "x"}))
