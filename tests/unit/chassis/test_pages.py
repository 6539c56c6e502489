"""Page tokens go out and come back through anyone's hands."""

import base64
import json

import pytest

from chassis.ports import PageRequest
from chassis.refusals import Invalid
from chassis.store.pages import Plan


def a_plan(token: str = "") -> Plan:
    return Plan.of("pots", {"region": "11"}, PageRequest(page_token=token), "_id")


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def test_a_token_is_read_as_it_was_written() -> None:
    assert a_plan(a_plan().token_after({"_id": "p1"})).query == {"region": "11", "_id": {"$gt": "p1"}}


@pytest.mark.parametrize(
    "token",
    [
        "é",
        "a",
        encoded("{}"),
        encoded("null"),
        encoded("["),
        encoded("[" * 1_400),
        encoded('{"a":' * 250),
        encoded(json.dumps([a_plan().mark, {"$gt": ""}])),
        encoded(json.dumps([a_plan().mark, "\ud800"])),
        encoded(json.dumps([a_plan().mark, "p1", "p2"])),
    ],
)
def test_a_token_that_nobody_gave_is_refused(token: str) -> None:
    with pytest.raises(Invalid, match="PAGE_TOKEN_MISMATCH"):
        a_plan(token)
