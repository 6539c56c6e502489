"""What cannot be handled: parked with its reason, driven again in its order, or dropped for good."""

from pathlib import Path
from typing import Any

from chassis.clock import machine_now
from chassis.inbox import Parked
from chassis.ports import Role, new_id
from chassis.refusals import NotNow, Stale, Unavailable
from kiezctl.embedded import nats_server
from tests.support.city import City, a_quiet_city, eventually
from tests.support.client import refused
from tests.support.parked import a_thing, all_of, all_parked, parked_of, redrive, some_cents
from tests.support.toy import Toy, a_toy

OPERATOR = Role("operator")
DROP = "kiezwerk.operator.v1.OperatorService/DropParked"
REDRIVE = "kiezwerk.operator.v1.OperatorService/RedriveParked"


async def test_driving_an_unreadable_message_again_keeps_its_reason(city: City, toy: Toy) -> None:
    thing = new_id()
    await city.say_raw("other", "thing_done", thing, 1, b"{no json")

    async def parked() -> list[Any]:
        return await parked_of(toy, thing)

    (row,) = await eventually(parked)
    answer = await redrive(toy, row.id)
    assert (answer.handled, answer.still_parked) == (0, 1)
    assert [row.reason for row in await parked_of(toy, thing)] == ["UNREADABLE_BODY"]


async def test_driving_again_while_the_store_is_away_is_refused_and_keeps_the_reason(city: City, toy: Toy) -> None:
    thing, cents = new_id(), some_cents()
    toy.broken[cents] = NotNow("NOT_YET", "The rule says no.")
    await city.say("other", "thing_done", a_thing(cents, thing))
    (row,) = await eventually(lambda: all_of(toy, thing, 1))
    toy.broken[cents] = Unavailable("STORE_AWAY", "The store does not answer.")
    with refused("STORE_AWAY", "UNAVAILABLE"):
        await redrive(toy, row.id)
    toy.broken[cents] = Stale("BUSY", "Too many changes at once.")
    with refused("BUSY", "ABORTED"):
        await redrive(toy, row.id)
    assert [row.reason for row in await parked_of(toy, thing)] == ["NOT_YET"]
    del toy.broken[cents]
    assert (await redrive(toy, row.id)).handled == 1


async def test_what_follows_a_refused_message_waits_behind_it_and_is_driven_after_it(city: City, toy: Toy) -> None:
    thing, cents = new_id(), [some_cents() for _ in range(3)]
    toy.broken[cents[0]] = NotNow("NOT_YET", "The rule says no.")
    for amount in cents:
        await city.say("other", "thing_done", a_thing(amount, thing))
    rows = await eventually(lambda: all_of(toy, thing, 3))
    assert [(row.reason, row.behind) for row in rows] == [("NOT_YET", False), ("BEHIND", True), ("BEHIND", True)]
    with refused("PARKED_BEHIND", "FAILED_PRECONDITION"):
        await redrive(toy, rows[1].id)
    assert (await redrive(toy, rows[0].id)).still_parked == 1
    del toy.broken[cents[0]]
    for row in rows:
        assert (await redrive(toy, row.id)).handled == 1
    assert [done for done in toy.done if done in cents] == cents
    assert await parked_of(toy, thing) == []


async def test_what_comes_again_is_not_parked_and_what_is_parked_can_still_be_driven(city: City) -> None:
    store, thing, cents = f"toy_{new_id()[-12:]}", new_id(), [some_cents() for _ in range(3)]
    async with a_quiet_city(city) as quiet:
        async with a_toy(quiet, store) as toy:
            toy.broken[cents[1]] = NotNow("NOT_YET", "The rule says no.")
            for amount in cents:
                await quiet.say("other", "thing_done", a_thing(amount, thing))
            await eventually(lambda: all_of(toy, thing, 2))
        # The service is started again, without the place up to which it had heard.
        await quiet.jetstream.delete_consumer("OTHER", "toy-other")
        async with a_toy(quiet, store) as toy:
            await quiet.say("other", "thing_done", a_thing(last := some_cents(), other := new_id()))
            await toy.started.knows(other, 1)
            rows = await all_of(toy, thing, 2)
            assert [(row.sequence, row.reason) for row in rows] == [(2, "NOT_YET"), (3, "BEHIND")]
            answer = await toy.started.call(REDRIVE, {"durable": "toy-other"}, OPERATOR)
            assert (answer.handled, answer.still_parked) == (2, 0)
            assert toy.done == [last, *cents[1:]]


async def test_driving_what_was_done_already_frees_its_aggregate(city: City, toy: Toy) -> None:
    thing, cents, rows = new_id(), some_cents(), toy.store.rows("parked")
    toy.broken[cents] = NotNow("NOT_YET", "The rule says no.")
    await city.say("other", "thing_done", a_thing(cents, thing))
    await eventually(lambda: all_of(toy, thing, 1))
    del toy.broken[cents]
    row = await rows.find_one({"aggregate_id": thing})
    assert (await redrive(toy, row["_id"])).handled == 1
    await rows.insert_one(row)
    assert (await redrive(toy, row["_id"])).handled == 1
    assert await parked_of(toy, thing) == []
    assert toy.done.count(cents) == 1


async def test_dropping_needs_a_reason_and_frees_what_waits_behind(city: City, toy: Toy) -> None:
    thing, first, second = new_id(), some_cents(), some_cents()
    toy.broken[first] = NotNow("NEVER", "The rule says no.")
    await city.say("other", "thing_done", a_thing(first, thing))
    await city.say("other", "thing_done", a_thing(second, thing))

    async def both() -> list[Any]:
        rows = await parked_of(toy, thing)
        return rows if len(rows) == 2 else []

    rows = await eventually(both)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "reason"):
        await toy.started.call(DROP, {"id": rows[0].id}, OPERATOR)
    await toy.started.call(DROP, {"id": rows[0].id, "reason": "sent by mistake"}, OPERATOR)
    assert (await redrive(toy, rows[1].id)).handled == 1
    assert first not in toy.done
    assert second in toy.done


async def test_what_was_dropped_is_neither_done_nor_parked_when_it_comes_again(city: City) -> None:
    store, cents = f"toy_{new_id()[-12:]}", [some_cents() for _ in range(2)]
    said = (("thing_done", cents[0]), ("thing_known", cents[1]), ("thing_done", 0))
    async with a_quiet_city(city) as quiet:
        async with a_toy(quiet, store) as toy:
            toy.broken |= dict.fromkeys(cents, NotNow("NEVER", "The rule says no."))
            for fact, amount in said:
                body = {"state": a_thing(amount, new_id())} if amount else b"{no json"
                await quiet.say_raw("other", fact, new_id(), 1, body)
            for row in await eventually(lambda: all_parked(toy, len(said))):
                await toy.started.call(DROP, {"id": row.id, "reason": "sent by mistake"}, OPERATOR)
        await quiet.jetstream.delete_consumer("OTHER", "toy-other")
        async with a_toy(quiet, store) as toy:
            await quiet.say("other", "thing_done", a_thing(last := some_cents(), other := new_id()))
            await toy.started.knows(other, 1)
            assert toy.tried == [last]
            assert await toy.started.running.inbox.parked_count() == 0


async def test_only_an_operator_sees_parked_messages(toy: Toy) -> None:
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked")
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {}, Role("coordinator"))


async def test_a_page_token_of_parked_messages_holds_for_its_own_list_alone(city: City, toy: Toy) -> None:
    for _ in range(2):
        await city.say_raw("other", "thing_done", new_id(), 1, b"{no json")
    listing = "kiezwerk.operator.v1.OperatorService/ListParked"

    async def a_page_with_more_behind() -> Any:
        page = await toy.started.call(listing, {"page_size": 1}, OPERATOR, sub="olga")
        return page if page.next_page_token else None

    page = await eventually(a_page_with_more_behind)
    asked = {"page_size": 1, "page_token": page.next_page_token}
    (second,) = (await toy.started.call(listing, asked, OPERATOR, sub="olga")).parked
    assert second.id > page.parked[0].id
    for wrong, sub in (
        (asked | {"durable": "toy-other"}, "olga"),
        (asked, "otto"),
        ({"page_token": second.id}, "olga"),
    ):
        with refused("PAGE_TOKEN_MISMATCH", "INVALID_ARGUMENT", "page_token"):
            await toy.started.call(listing, wrong, OPERATOR, sub=sub)


async def test_a_page_that_no_client_would_take_is_a_shorter_one(city: City, tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_toy(city, nats_url=server.url) as toy:
        for number in range(6):
            row = Parked(
                str(number),
                "d",
                "OTHER",
                "t",
                new_id(),
                1,
                "UNREADABLE_BODY",
                "s",
                "x" * 900_000,
                False,
                machine_now(),
                {},
            )
            await toy.started.running.inbox.park(row)
        found, token = [], ""
        while True:
            asked = {"page_size": 500, "page_token": token}
            listing = "kiezwerk.operator.v1.OperatorService/ListParked"
            answer = await toy.started.call(listing, asked, OPERATOR, sub="olga")
            found += [parked.id for parked in answer.parked]
            token = answer.next_page_token
            if not token:
                break
        assert found == [str(number) for number in range(6)]
