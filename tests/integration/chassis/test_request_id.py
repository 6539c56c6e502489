"""A request that is asked again: one effect, the first answer, for its caller and its body alone."""

import asyncio

from chassis.ports import Role, new_id
from tests.support.client import refused
from tests.support.toy import Toy

TREASURER = Role("treasurer")


async def test_repeating_a_request_id_returns_the_first_answer_and_changes_nothing(toy: Toy, pot: str) -> None:
    request = {"pot_id": pot, "amount_cents": 5, "request_id": new_id()}
    first = await toy.started.call("PotService/FillPot", request, TREASURER, sub="me")
    again = await toy.started.call("PotService/FillPot", request, TREASURER, sub="me")
    assert first == again
    assert (await toy.pots.get(pot)).cents == 5
    assert len(await toy.started.said(pot)) == 2


async def test_the_same_request_twenty_times_at_once_is_done_once(toy: Toy, pot: str) -> None:
    request = {"pot_id": pot, "amount_cents": 5, "request_id": new_id()}
    calls = (toy.started.call("PotService/FillPot", request, TREASURER, sub="me") for _ in range(20))
    answers = await asyncio.gather(*calls)
    assert {answer.pot.cents for answer in answers} == {5}


async def test_a_request_id_holds_for_its_caller_alone(toy: Toy, pot: str) -> None:
    request = {"pot_id": pot, "amount_cents": 5, "request_id": new_id()}
    for sub in ("me", "you"):
        await toy.started.call("PotService/FillPot", request, TREASURER, sub=sub)
    assert (await toy.pots.get(pot)).cents == 10


async def test_a_request_id_with_another_body_is_refused(toy: Toy, pot: str) -> None:
    id = new_id()
    await toy.started.call(
        "PotService/FillPot", {"pot_id": pot, "amount_cents": 5, "request_id": id}, TREASURER, sub="me"
    )
    with refused("REQUEST_ID_REUSED", "INVALID_ARGUMENT", "request_id"):
        await toy.started.call(
            "PotService/FillPot", {"pot_id": pot, "amount_cents": 6, "request_id": id}, TREASURER, sub="me"
        )


async def test_a_refused_call_is_not_recorded_and_may_go_through_later(toy: Toy) -> None:
    unknown, id = new_id(), new_id()
    for _ in range(2):
        with refused("POT_NOT_FOUND", "NOT_FOUND"):
            await toy.started.call(
                "PotService/FillPot", {"pot_id": unknown, "amount_cents": 1, "request_id": id}, TREASURER
            )


async def test_where_money_moves_a_request_id_is_required(toy: Toy, pot: str) -> None:
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "request_id"):
        await toy.started.call("PotService/FillPot", {"pot_id": pot, "amount_cents": 1, "request_id": ""}, TREASURER)


async def test_an_answer_with_a_secret_is_given_once(toy: Toy, pot: str) -> None:
    request = {"pot_id": pot, "request_id": new_id()}
    answer = await toy.started.call("PotService/UnlockPot", request, TREASURER, sub="me")
    assert answer.secret == "open sesame"
    with refused("ANSWERED_BEFORE", "ALREADY_EXISTS"):
        await toy.started.call("PotService/UnlockPot", request, TREASURER, sub="me")
