"""What is heard: once each, in order per aggregate; what cannot be handled is parked and can be driven again."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from chassis.clock import machine_now
from chassis.inbox import Parked
from chassis.ports import Role, new_id
from chassis.refusals import NotNow, Stale, Unavailable
from kiezctl.embedded import nats_server, store_server
from tests.support.city import City, a_city, a_quiet_city, eventually
from tests.support.client import refused
from tests.support.toy import Copy, Toy, a_toy

OPERATOR = Role("operator")
DROP = "kiezwerk.operator.v1.OperatorService/DropParked"
REDRIVE = "kiezwerk.operator.v1.OperatorService/RedriveParked"
_numbers = iter(range(1_000, 1_000_000))


def _cents() -> int:
    """A number that no other test uses: the toy remembers effects by it."""
    return next(_numbers)


def _thing(cents: int, id: str = "") -> dict[str, object]:
    return {"id": id or new_id(), "region": "11", "cents": cents}


async def _parked(toy: Toy, aggregate: str) -> list[Any]:
    answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
    return [row for row in answer.parked if row.aggregate_id == aggregate]


async def _every(toy: Toy, count: int) -> list[Any]:
    """All that is parked, once it is so many."""
    answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
    return list(answer.parked) if len(answer.parked) == count else []


async def _redrive(toy: Toy, id: str) -> Any:
    return await toy.started.call(REDRIVE, {"id": id}, OPERATOR)


async def test_a_message_that_comes_twice_has_its_effect_once(city: City, toy: Toy) -> None:
    cents, thing = _cents(), new_id()
    for _ in range(3):
        await city.say_raw("other", "thing_done", thing, 1, {"state": _thing(cents, thing)}, id=f"twice-{thing}")
    _, sequence = await city.say("other", "thing_done", _thing(_cents(), "last-" + thing))
    await toy.started.knows("last-" + thing, sequence)
    assert toy.done.count(cents) == 1


async def test_effects_come_in_the_order_of_the_aggregate(city: City, toy: Toy) -> None:
    cents, thing = [_cents() for _ in range(10)], new_id()
    for amount in cents:
        await city.say("other", "thing_done", _thing(amount, thing))
    await toy.started.knows(thing, len(cents))
    assert [done for done in toy.done if done in cents] == cents


async def test_a_copy_never_goes_back_to_an_older_state(city: City, toy: Toy) -> None:
    thing = new_id()
    for sequence, cents in ((1, 1), (3, 3), (2, 2), (4, 4), (3, 33)):
        await city.say_raw("other", "thing_known", thing, sequence, {"state": _thing(cents, thing)})
    _, last = await city.say("other", "thing_known", _thing(0, "after-" + thing))
    await toy.started.knows("after-" + thing, last)
    assert await toy.copies.get(thing) == Copy(thing, 4)


async def test_a_copy_never_goes_back_though_something_older_was_done_meanwhile(city: City, toy: Toy) -> None:
    thing = new_id()
    for sequence, fact, cents in ((4, "thing_known", 4), (2, "thing_done", _cents()), (3, "thing_known", 3)):
        await city.say_raw("other", fact, thing, sequence, {"state": _thing(cents, thing)})
    _, last = await city.say("other", "thing_known", _thing(0, "after-" + thing))
    await toy.started.knows("after-" + thing, last)
    assert await toy.copies.get(thing) == Copy(thing, 4)


async def test_an_unreadable_body_is_parked_and_the_next_message_handled(city: City, toy: Toy) -> None:
    thing, fine = new_id(), _cents()
    await city.say_raw("other", "thing_done", thing, 1, b"{no json")
    await city.say("other", "thing_done", _thing(fine, other := new_id()))
    await toy.started.knows(other, 1)
    (parked,) = await _parked(toy, thing)
    assert (parked.reason, parked.body, parked.behind) == ("UNREADABLE_BODY", "{no json", False)


async def test_a_message_without_an_envelope_is_parked(city: City, toy: Toy) -> None:
    await city.jetstream.publish("kiez.pub.other.v1.thing_done.11.0.0.0", b"{}")

    async def parked() -> bool:
        answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
        return any(row.reason == "UNREADABLE_ENVELOPE" for row in answer.parked)

    assert await eventually(parked)


async def test_driving_an_unreadable_message_again_keeps_its_reason(city: City, toy: Toy) -> None:
    thing = new_id()
    await city.say_raw("other", "thing_done", thing, 1, b"{no json")

    async def parked() -> list[Any]:
        return await _parked(toy, thing)

    (row,) = await eventually(parked)
    answer = await _redrive(toy, row.id)
    assert (answer.handled, answer.still_parked) == (0, 1)
    assert [row.reason for row in await _parked(toy, thing)] == ["UNREADABLE_BODY"]


async def test_no_header_however_odd_stops_what_is_heard_after_it(city: City, toy: Toy) -> None:
    envelope = {"ce-id": new_id(), "ce-subject": new_id(), "ce-time": "2027-01-04T10:00:00Z", "ce-sequence": "1"}
    odd = (
        {"ce-sequence": str(2**63), "ce-type": "kiezwerk.other.v1.thing_done"},
        {"ce-type": "x" * 1_000},
        {"ce-type": "kiezwerk.other.v1.thing_done", "$where.a": "b", "": "c"},
    )
    for headers in odd:
        await city.jetstream.publish("kiez.pub.other.v1.thing_done.11.0.0.0", b"{}", headers=envelope | headers)
    await city.say("other", "thing_done", _thing(_cents(), other := new_id()))
    await toy.started.knows(other, 1)
    async with httpx.AsyncClient(base_url=toy.started.http) as browser:
        assert "x" * 100 not in (await browser.get("/metrics")).text


@pytest.mark.parametrize(
    "head", [b"NATS/1.0\r\nStatus: 404", b"NATS/1.0 100 Idle Heartbeat", b"NATS/1.0 \xff\xff\xff \xff", b"NATS/1.0"]
)
async def test_a_stored_message_is_never_taken_for_a_word_of_the_server(city: City, toy: Toy, head: bytes) -> None:
    place = urlsplit(city.nats_url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    headers = head + b"\r\n\r\n"
    writer.write(b'CONNECT {"verbose":false,"headers":true}\r\n')
    writer.write(b"HPUB kiez.pub.other.v1.thing_done.11.0.0.0 %d %d\r\n" % (len(headers), len(headers) + 2))
    writer.write(headers + b"{}\r\nPING\r\n")
    while (await reader.readline()) != b"PONG\r\n":
        pass
    writer.close()
    await city.say("other", "thing_done", _thing(_cents(), other := new_id()))
    async with asyncio.timeout(20):
        await toy.started.knows(other, 1)


async def test_driving_again_while_the_store_is_away_is_refused_and_keeps_the_reason(city: City, toy: Toy) -> None:
    thing, cents = new_id(), _cents()
    toy.broken[cents] = NotNow("NOT_YET", "The rule says no.")
    await city.say("other", "thing_done", _thing(cents, thing))
    (row,) = await eventually(lambda: _all_of(toy, thing, 1))
    toy.broken[cents] = Unavailable("STORE_AWAY", "The store does not answer.")
    with refused("STORE_AWAY", "UNAVAILABLE"):
        await _redrive(toy, row.id)
    toy.broken[cents] = Stale("BUSY", "Too many changes at once.")
    with refused("BUSY", "ABORTED"):
        await _redrive(toy, row.id)
    assert [row.reason for row in await _parked(toy, thing)] == ["NOT_YET"]
    del toy.broken[cents]
    assert (await _redrive(toy, row.id)).handled == 1


async def test_what_follows_a_refused_message_waits_behind_it_and_is_driven_after_it(city: City, toy: Toy) -> None:
    thing, cents = new_id(), [_cents() for _ in range(3)]
    toy.broken[cents[0]] = NotNow("NOT_YET", "The rule says no.")
    for amount in cents:
        await city.say("other", "thing_done", _thing(amount, thing))
    rows = await eventually(lambda: _all_of(toy, thing, 3))
    assert [(row.reason, row.behind) for row in rows] == [("NOT_YET", False), ("BEHIND", True), ("BEHIND", True)]
    with refused("PARKED_BEHIND", "FAILED_PRECONDITION"):
        await _redrive(toy, rows[1].id)
    assert (await _redrive(toy, rows[0].id)).still_parked == 1
    del toy.broken[cents[0]]
    for row in rows:
        assert (await _redrive(toy, row.id)).handled == 1
    assert [done for done in toy.done if done in cents] == cents
    assert await _parked(toy, thing) == []


async def test_what_comes_again_is_not_parked_and_what_is_parked_can_still_be_driven(city: City) -> None:
    store, thing, cents = f"toy_{new_id()[-12:]}", new_id(), [_cents() for _ in range(3)]
    async with a_quiet_city(city) as quiet:
        async with a_toy(quiet, store) as toy:
            toy.broken[cents[1]] = NotNow("NOT_YET", "The rule says no.")
            for amount in cents:
                await quiet.say("other", "thing_done", _thing(amount, thing))
            await eventually(lambda: _all_of(toy, thing, 2))
        # The service is started again, without the place up to which it had heard.
        await quiet.jetstream.delete_consumer("OTHER", "toy-other")
        async with a_toy(quiet, store) as toy:
            await quiet.say("other", "thing_done", _thing(last := _cents(), other := new_id()))
            await toy.started.knows(other, 1)
            rows = await _all_of(toy, thing, 2)
            assert [(row.sequence, row.reason) for row in rows] == [(2, "NOT_YET"), (3, "BEHIND")]
            answer = await toy.started.call(REDRIVE, {"durable": "toy-other"}, OPERATOR)
            assert (answer.handled, answer.still_parked) == (2, 0)
            assert toy.done == [last, *cents[1:]]


async def test_driving_what_was_done_already_frees_its_aggregate(city: City, toy: Toy) -> None:
    thing, cents, rows = new_id(), _cents(), toy.store.rows("parked")
    toy.broken[cents] = NotNow("NOT_YET", "The rule says no.")
    await city.say("other", "thing_done", _thing(cents, thing))
    await eventually(lambda: _all_of(toy, thing, 1))
    del toy.broken[cents]
    row = await rows.find_one({"aggregate_id": thing})
    assert (await _redrive(toy, row["_id"])).handled == 1
    await rows.insert_one(row)
    assert (await _redrive(toy, row["_id"])).handled == 1
    assert await _parked(toy, thing) == []
    assert toy.done.count(cents) == 1


async def test_a_message_that_always_meets_other_writers_is_tried_until_they_are_done(city: City, toy: Toy) -> None:
    thing, cents = new_id(), _cents()
    # As behind the transaction of a process that was killed, for as long as the store keeps it open.
    toy.broken[cents] = Stale("BUSY", "Too many changes at once; repeat the call.")
    await city.say("other", "thing_done", _thing(cents, thing))
    _, sequence = await city.say("other", "thing_done", _thing(later := _cents(), thing))

    async def tried() -> bool:
        return toy.tried.count(cents) > 1

    await eventually(tried)
    del toy.broken[cents]
    await toy.started.knows(thing, sequence)
    assert [done for done in toy.done if done in (cents, later)] == [cents, later]
    assert await _parked(toy, thing) == []


async def test_dropping_needs_a_reason_and_frees_what_waits_behind(city: City, toy: Toy) -> None:
    thing, first, second = new_id(), _cents(), _cents()
    toy.broken[first] = NotNow("NEVER", "The rule says no.")
    await city.say("other", "thing_done", _thing(first, thing))
    await city.say("other", "thing_done", _thing(second, thing))

    async def both() -> list[Any]:
        rows = await _parked(toy, thing)
        return rows if len(rows) == 2 else []

    rows = await eventually(both)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "reason"):
        await toy.started.call(DROP, {"id": rows[0].id}, OPERATOR)
    await toy.started.call(DROP, {"id": rows[0].id, "reason": "sent by mistake"}, OPERATOR)
    assert (await _redrive(toy, rows[1].id)).handled == 1
    assert first not in toy.done
    assert second in toy.done


async def test_what_was_dropped_is_neither_done_nor_parked_when_it_comes_again(city: City) -> None:
    store, cents = f"toy_{new_id()[-12:]}", [_cents() for _ in range(2)]
    said = (("thing_done", cents[0]), ("thing_known", cents[1]), ("thing_done", 0))
    async with a_quiet_city(city) as quiet:
        async with a_toy(quiet, store) as toy:
            toy.broken |= dict.fromkeys(cents, NotNow("NEVER", "The rule says no."))
            for fact, amount in said:
                body = {"state": _thing(amount, new_id())} if amount else b"{no json"
                await quiet.say_raw("other", fact, new_id(), 1, body)
            for row in await eventually(lambda: _every(toy, len(said))):
                await toy.started.call(DROP, {"id": row.id, "reason": "sent by mistake"}, OPERATOR)
        await quiet.jetstream.delete_consumer("OTHER", "toy-other")
        async with a_toy(quiet, store) as toy:
            await quiet.say("other", "thing_done", _thing(last := _cents(), other := new_id()))
            await toy.started.knows(other, 1)
            assert toy.tried == [last]
            assert await toy.started.running.inbox.parked_count() == 0


async def test_only_an_operator_sees_parked_messages(toy: Toy) -> None:
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked")
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {}, Role("coordinator"))


async def test_while_the_store_is_away_messages_wait_and_are_not_parked(tmp_path: Path) -> None:
    # A city of its own: two toys on one nats-server would share the durable.
    async with (
        a_city(tmp_path) as lone,
        store_server(tmp_path / "other") as server,
        a_toy(lone, store_uri=server.uri) as toy,
    ):
        cents = _cents()
        await server.child.kill()
        aggregate, sequence = await lone.say("other", "thing_done", _thing(cents))
        assert "store" in await toy.started.running.missing()
        await server.child.start()
        await eventually(lambda: _known(toy, aggregate, sequence), seconds=30)
        assert cents in toy.done
        assert await _parked(toy, aggregate) == []


async def _known(toy: Toy, aggregate: str, sequence: int) -> bool:
    try:
        async with asyncio.timeout(5):
            await toy.started.knows(aggregate, sequence)
    except Exception:  # noqa: BLE001 - the store is on its way back
        return False
    return True


async def _all_of(toy: Toy, thing: str, count: int) -> list[Any]:
    rows = await _parked(toy, thing)
    return sorted(rows, key=lambda row: row.sequence) if len(rows) == count else []


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
