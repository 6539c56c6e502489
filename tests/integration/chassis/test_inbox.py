"""What is heard: once each, in order per aggregate; what cannot be handled is parked and can be driven again."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from chassis.ports import Role, new_id
from chassis.refusals import Stale
from kiezctl.embedded import store_server
from tests.support.city import City, a_city, eventually
from tests.support.parked import a_thing, is_known, parked_of, some_cents
from tests.support.toy import Copy, Toy, a_toy

OPERATOR = Role("operator")


async def test_a_message_that_comes_twice_has_its_effect_once(city: City, toy: Toy) -> None:
    cents, thing = some_cents(), new_id()
    for _ in range(3):
        await city.say_raw("other", "thing_done", thing, 1, {"state": a_thing(cents, thing)}, id=f"twice-{thing}")
    _, sequence = await city.say("other", "thing_done", a_thing(some_cents(), "last-" + thing))
    await toy.started.knows("last-" + thing, sequence)
    assert toy.done.count(cents) == 1


async def test_effects_come_in_the_order_of_the_aggregate(city: City, toy: Toy) -> None:
    cents, thing = [some_cents() for _ in range(10)], new_id()
    for amount in cents:
        await city.say("other", "thing_done", a_thing(amount, thing))
    await toy.started.knows(thing, len(cents))
    assert [done for done in toy.done if done in cents] == cents


async def test_a_copy_never_goes_back_to_an_older_state(city: City, toy: Toy) -> None:
    thing = new_id()
    for sequence, cents in ((1, 1), (3, 3), (2, 2), (4, 4), (3, 33), (4, 44)):
        await city.say_raw("other", "thing_known", thing, sequence, {"state": a_thing(cents, thing)})
    _, last = await city.say("other", "thing_known", a_thing(0, "after-" + thing))
    await toy.started.knows("after-" + thing, last)
    assert await toy.copies.get(thing) == Copy(thing, 4)


async def test_a_copy_never_goes_back_though_something_older_was_done_meanwhile(city: City, toy: Toy) -> None:
    thing = new_id()
    for sequence, fact, cents in ((4, "thing_known", 4), (2, "thing_done", some_cents()), (3, "thing_known", 3)):
        await city.say_raw("other", fact, thing, sequence, {"state": a_thing(cents, thing)})
    _, last = await city.say("other", "thing_known", a_thing(0, "after-" + thing))
    await toy.started.knows("after-" + thing, last)
    assert await toy.copies.get(thing) == Copy(thing, 4)


async def test_an_unreadable_body_is_parked_and_the_next_message_handled(city: City, toy: Toy) -> None:
    thing, fine = new_id(), some_cents()
    await city.say_raw("other", "thing_done", thing, 1, b"{no json")
    await city.say("other", "thing_done", a_thing(fine, other := new_id()))
    await toy.started.knows(other, 1)
    (parked,) = await parked_of(toy, thing)
    assert (parked.reason, parked.body, parked.behind) == ("UNREADABLE_BODY", "{no json", False)


async def test_a_message_without_an_envelope_is_parked(city: City, toy: Toy) -> None:
    await city.jetstream.publish("kiez.pub.other.v1.thing_done.11.0.0.0", b"{}")

    async def parked() -> bool:
        answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {"page_size": 500}, OPERATOR)
        return any(row.reason == "UNREADABLE_ENVELOPE" for row in answer.parked)

    assert await eventually(parked)


async def test_no_header_however_odd_stops_what_is_heard_after_it(city: City, toy: Toy) -> None:
    envelope = {"ce-id": new_id(), "ce-subject": new_id(), "ce-time": "2027-01-04T10:00:00Z", "ce-sequence": "1"}
    odd = (
        {"ce-sequence": str(2**63), "ce-type": "kiezwerk.other.v1.thing_done"},
        {"ce-type": "x" * 1_000},
        {"ce-type": "kiezwerk.other.v1.thing_done", "$where.a": "b", "": "c"},
    )
    for headers in odd:
        await city.jetstream.publish("kiez.pub.other.v1.thing_done.11.0.0.0", b"{}", headers=envelope | headers)
    await city.say("other", "thing_done", a_thing(some_cents(), other := new_id()))
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
    await city.say("other", "thing_done", a_thing(some_cents(), other := new_id()))
    async with asyncio.timeout(20):
        await toy.started.knows(other, 1)


async def test_a_message_that_always_meets_other_writers_is_tried_until_they_are_done(city: City, toy: Toy) -> None:
    thing, cents = new_id(), some_cents()
    # As behind the transaction of a process that was killed, for as long as the store keeps it open.
    toy.broken[cents] = Stale("BUSY", "Too many changes at once; repeat the call.")
    await city.say("other", "thing_done", a_thing(cents, thing))
    _, sequence = await city.say("other", "thing_done", a_thing(later := some_cents(), thing))

    async def tried() -> bool:
        return toy.tried.count(cents) > 1

    await eventually(tried)
    del toy.broken[cents]
    await toy.started.knows(thing, sequence)
    assert [done for done in toy.done if done in (cents, later)] == [cents, later]
    assert await parked_of(toy, thing) == []


async def test_while_the_store_is_away_messages_wait_and_are_not_parked(tmp_path: Path) -> None:
    # A city of its own: two toys on one nats-server would share the durable.
    async with (
        a_city(tmp_path) as lone,
        store_server(tmp_path / "other") as server,
        a_toy(lone, store_uri=server.uri) as toy,
    ):
        cents = some_cents()
        await server.child.kill()
        aggregate, sequence = await lone.say("other", "thing_done", a_thing(cents))
        assert "store" in await toy.started.running.missing()
        await server.child.start()
        await eventually(lambda: is_known(toy, aggregate, sequence), seconds=30)
        assert cents in toy.done
        assert await parked_of(toy, aggregate) == []
