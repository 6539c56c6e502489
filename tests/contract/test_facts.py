"""What a domain decides is what the service says, fact for fact."""

import pytest

from tests.contract.promises import SAID, facts_of
from tools.catalogue.said import said_by, services


@pytest.mark.parametrize("service", services())
def test_each_fact_has_a_message_of_its_name_and_each_message_a_fact(service: str) -> None:
    assert {message.model.__name__ for message in said_by(service)} == set(facts_of(service))


@pytest.mark.parametrize("service", services())
def test_no_service_says_two_messages_of_one_type(service: str) -> None:
    types = [message.type for message in said_by(service)]

    assert len(types) == len(set(types))


@pytest.mark.parametrize("type", SAID)
def test_a_message_says_in_a_sentence_what_happened_and_why_it_has_its_audience(type: str) -> None:
    message = SAID[type]

    assert message.says.endswith(".")
    assert message.model.why.endswith(".")


@pytest.mark.parametrize("type", SAID)
def test_a_message_carries_the_whole_aggregate_with_its_id_and_home(type: str) -> None:
    schema = SAID[type].schema
    state = schema["$defs"][schema["properties"]["state"]["$ref"].rpartition("/")[2]]

    assert {"id", "region"} <= set(state["required"])
