"""Our answers to hazards of NATS that no other test holds: each would fail with the libraries' own ways."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nats
from nats.js.api import ConsumerConfig, StreamConfig

from chassis.bus.connection import CLOSED_FOR_GOOD
from chassis.bus.handling import MOST_DELIVERIES
from chassis.bus.hearing import DURABLE_IS_GONE
from chassis.ports import Role, new_id
from chassis.tls import trusting
from kiezctl.child import Child, Program
from kiezctl.embedded import leash, nats_server
from kiezctl.home import ROOT
from kiezctl.ports import HOST
from kiezctl.probe import get
from kiezctl.strip import free_port
from tests.support.certificates import an_authority
from tests.support.city import City, a_quiet_city, eventually
from tests.support.nkeys import a_guarded_nats, a_login
from tests.support.toy import ThingDone, a_toy

OPERATOR = Role("operator")


@asynccontextmanager
async def a_process(city: City, **more: str) -> AsyncIterator[Child]:
    """The service events as a process of its own, which may end itself."""
    http = free_port()
    env = {
        "EVENTS_STORE_URI": city.store_uri,
        "EVENTS_STORE_NAME": f"events_{new_id()[-12:]}",
        "EVENTS_NATS_URL": city.nats_url,
        "EVENTS_GRPC_ADDRESS": f"{HOST}:0",
        "EVENTS_HTTP_ADDRESS": f"{HOST}:{http}",
        "EVENTS_JWKS": str(city.folder / "jwks.json"),
        "EVENTS_TOKEN_FILE": str(city.folder / "token"),
        "EVENTS_PERSON_KEY_FILE": str(city.folder / "person.key"),
        "EVENTS_PUBLIC_URL": f"http://{HOST}:{http}",
    }

    async def ready() -> None:
        await get(f"http://{HOST}:{http}/readyz")

    command = (sys.executable, "-m", "services.events")
    program = Program("events", command, city.folder / f"events-{new_id()}.log", ready, env=env | more, folder=ROOT)
    with leash() as held:
        child = Child(program, held)
        try:
            await child.start()
            yield child
        finally:
            await child.kill()


async def test_a_service_logs_in_by_its_nkey_over_tls_both_to_say_and_to_hear(city: City, tmp_path: Path) -> None:
    ours, outside, authority = a_login(tmp_path, "toy"), a_login(tmp_path, "outside"), an_authority(tmp_path)
    async with a_guarded_nats(tmp_path, authority, ours, outside) as url:
        trusted = trusting(authority.ca)
        client = await nats.connect(url, tls=trusted, tls_handshake_first=True, nkeys_seed=str(outside.seed))
        js = client.jetstream()
        await js.add_stream(name="OTHER", subjects=["kiez.*.other.v1.>"])
        async with a_toy(city, nats_url=url, nats_nkey_file=ours.seed, KIEZ_TLS_CA=authority.ca) as toy:
            await toy.add()
            assert await toy.started.running.relay.flush(10)
            said = City(url, city.store_uri, city.folder, city.issuer, js)
            await said.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 7})

            async def heard() -> bool:
                return toy.done == [7]

            await eventually(heard)
        await client.close()


async def test_a_service_with_a_login_that_nats_does_not_know_says_and_hears_nothing(
    city: City, tmp_path: Path
) -> None:
    stranger, known, authority = a_login(tmp_path, "toy"), a_login(tmp_path, "known"), an_authority(tmp_path)
    async with (
        a_guarded_nats(tmp_path, authority, known) as url,
        a_toy(city, nats_url=url, nats_nkey_file=stranger.seed, KIEZ_TLS_CA=authority.ca) as toy,
    ):
        await toy.add()
        assert not await toy.started.running.relay.flush(0.5)
        readiness = await toy.started.running.readiness()
    assert "does not answer" in readiness.besides["nats"]


@asynccontextmanager
async def an_interrupter(port: int) -> AsyncIterator[tuple[int, list[asyncio.StreamWriter]]]:
    """Passes everything on to `port`; answers its own port, and the ways back to its clients."""
    clients: list[asyncio.StreamWriter] = []
    passing: list[asyncio.Future[Any]] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(HOST, port)
        clients.append(writer)
        both = asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))
        passing.append(both)
        await both

    server = await asyncio.start_server(accept, HOST, 0)
    yield server.sockets[0].getsockname()[1], clients
    server.close()
    await asyncio.wait_for(asyncio.gather(*passing, return_exceptions=True), 10)


async def test_a_process_whose_connection_is_closed_for_good_ends_with_a_code_of_its_own(city: City) -> None:
    async with (
        an_interrupter(urlsplit(city.nats_url).port or 0) as (port, clients),
        a_process(city, EVENTS_NATS_URL=f"nats://{HOST}:{port}") as child,
    ):

        async def connected_twice() -> bool:
            return len(clients) >= 2

        await eventually(connected_twice)
        clients[0].write(b"-ERR 'Maximum Subscriptions Exceeded'\r\n")
        await asyncio.wait_for(child.ended(), 20)
    assert child.code == CLOSED_FOR_GOOD == 70


async def test_a_process_whose_durable_is_deleted_ends_and_goes_on_when_it_is_started_again(city: City) -> None:
    async with a_quiet_city(city) as quiet:
        js = quiet.jetstream
        store = f"events_{new_id()[-12:]}"
        async with a_process(quiet, EVENTS_STORE_NAME=store) as child:

            async def durables() -> list[str]:
                found = [await js.consumers_info(stream) for stream in ("ACTORS", "FUNDS", "NOTIFY")]
                ours = [info for infos in found for info in infos if info.name.startswith("events-")]
                # One that nobody pulls from yet would be made again by subscribing to it.
                return [info.name for info in ours if info.num_waiting]

            (durable, *_) = await eventually(durables)
            stream = durable.removeprefix("events-").upper()
            await js.delete_consumer(stream, durable)
            await asyncio.wait_for(child.ended(), 30)
            assert child.code == DURABLE_IS_GONE == 71
            await child.start()

            async def is_heard_again() -> bool:
                return durable in await durables()

            await eventually(is_heard_again, 30)


async def test_what_is_said_after_nats_was_killed_is_heard_by_those_that_listened_before(
    city: City, tmp_path: Path
) -> None:
    async with nats_server(tmp_path / "nats") as server:
        client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
        other = replace(city, nats_url=server.url, jetstream=client.jetstream())
        await other.jetstream.add_stream(name="OTHER", subjects=["kiez.*.other.v1.>"])
        async with a_toy(other) as toy:

            async def listens() -> bool:
                return not toy.started.running.hearing.not_heard_yet()

            await eventually(listens)
            await server.child.kill()
            await server.child.start()
            thing, sequence = await other.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 1})
            await toy.started.knows(thing, sequence)
        await client.close()


async def test_a_durable_that_is_there_gets_the_settings_of_today(city: City) -> None:
    async with a_quiet_city(city) as quiet:
        yesterday = ConsumerConfig(
            durable_name="toy-other", filter_subjects=[ThingDone.filter_subject()], max_ack_pending=50, ack_wait=5
        )
        await quiet.jetstream.add_consumer("OTHER", yesterday)
        async with a_toy(quiet) as toy:
            thing, sequence = await quiet.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 1})
            await toy.started.knows(thing, sequence)
            config = (await quiet.jetstream.consumer_info("OTHER", "toy-other")).config
    assert (config.max_ack_pending, config.ack_wait, config.max_deliver) == (1, 30.0, -1)


async def test_hearing_a_stream_leaves_it_as_its_owner_made_it(city: City) -> None:
    async with a_quiet_city(city) as quiet:
        made = (await quiet.jetstream.stream_info("OTHER")).config
        owners: StreamConfig = made.evolve(max_age=3_600, duplicate_window=60, description="as its owner wants it")
        await quiet.jetstream.update_stream(owners)
        async with a_toy(quiet) as toy:
            thing, sequence = await quiet.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 1})
            await toy.started.knows(thing, sequence)
        config = (await quiet.jetstream.stream_info("OTHER")).config
    assert (config.max_age, config.duplicate_window, config.description) == (3_600, 60, "as its owner wants it")


async def test_a_message_that_ends_its_process_each_time_is_parked_at_last(city: City) -> None:
    async with a_quiet_city(city) as quiet:
        thing = new_id()
        await quiet.say("other", "thing_done", {"id": thing, "region": "00", "cents": 1})
        await quiet.jetstream.add_consumer("OTHER", durable_name="toy-other", max_deliver=-1, max_ack_pending=1)
        killed = await quiet.jetstream.pull_subscribe_bind("toy-other", stream="OTHER")
        for _ in range(MOST_DELIVERIES):
            (message,) = await killed.fetch(1, timeout=5)
            await message.nak()
        async with a_toy(quiet) as toy:

            async def parked() -> list[str]:
                answer = await toy.started.call("kiezwerk.operator.v1.OperatorService/ListParked", {}, OPERATOR)
                return [row.reason for row in answer.parked if row.aggregate_id == thing]

            assert await eventually(parked) == ["DELIVERED_TOO_OFTEN"]
            assert toy.tried == []


async def test_what_a_service_pulls_goes_to_an_inbox_of_its_own(city: City) -> None:
    async with a_quiet_city(city) as quiet:
        listener = await nats.connect(quiet.nats_url, inbox_prefix=b"_LISTENER")
        common, own = await listener.subscribe("_INBOX.>"), await listener.subscribe("_INBOX_toy.>")
        await listener.flush()
        async with a_toy(quiet) as toy:
            thing, sequence = await quiet.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 77})
            await toy.started.knows(thing, sequence)
            await toy.add()
            assert await toy.started.running.relay.flush(10)
        await listener.flush()
        heard = [[(await inbox.next_msg(timeout=1)).data for _ in range(inbox.pending_msgs)] for inbox in (common, own)]
        await listener.close()
    assert not any(b'"cents": 77' in data for data in heard[0])
    assert any(b'"cents": 77' in data for data in heard[1])
