"""What each login reaches at a nats-server with the accounts of an installation, also by having itself answered elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from kiezctl.ports import SERVICES
from kiezctl.provision.nats_users import HEARS, OPERATOR, durable, reader_user, service_user
from tests.support.accounts import PLACE, READERS, Server, a_provided_nats, durables, heard

LOGINS = (*SERVICES, *READERS)
# Answers without a body, of which some requests of JetStream are made.
NOTHING = b'{"no_wait": true, "batch": 1}'


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with a_provided_nats(tmp_path) as running:
        yield running


async def _take_one_each(server: Server) -> None:
    """Have a message at work in each durable: none else can be acknowledged."""
    operator = await server.client(OPERATOR)
    for name, stream in durables():
        await (await operator.jetstream().pull_subscribe_bind(name, stream=stream.upper())).fetch(1, timeout=10)
    await operator.close()


async def _kept(server: Server) -> dict[str, Any]:
    """How many messages each stream holds, and up to which each durable has had them acknowledged."""
    operator = await server.client(OPERATOR)
    js = operator.jetstream()
    found: dict[str, Any] = {}
    for info in await js.streams_info():
        found[str(info.config.name)] = info.state.messages
        for one in await js.consumers_info(str(info.config.name)):
            acknowledged = one.ack_floor.stream_seq if one.ack_floor else 0
            found[one.name] = acknowledged
    await operator.close()
    return found


def _requests(name: str) -> list[str]:
    user = reader_user(name) if name in READERS else service_user(name)
    return [subject for subject in user.publish if subject.startswith("$JS.API.")]


def _elsewhere(name: str) -> list[str]:
    """Subjects that a login may not publish to, and at which something would happen."""
    others = [service for service in SERVICES if service != name]
    said = [f"kiez.{audience}.{other}.v1.said.{PLACE}" for audience in ("pub", "int") for other in others]
    asked = [f"$JS.API.STREAM.{verb}.{stream.upper()}" for verb in ("PURGE", "DELETE") for stream in SERVICES]
    of_others = [(one, stream) for one, stream in durables() if one.removeprefix("reader-").rpartition("-")[0] != name]
    ended = [f"$JS.ACK.{stream.upper()}.{one}.1.1.1.0.0" for one, stream in of_others]
    ended += [f"$JS.API.CONSUMER.DELETE.{stream.upper()}.{one}" for one, stream in of_others]
    return [*said, *ended, *asked]


@pytest.mark.parametrize("name", LOGINS)
async def test_an_answer_goes_nowhere_that_its_asker_may_not_publish(server: Server, name: str) -> None:
    await _take_one_each(server)
    before = await _kept(server)
    client = await server.client(name)
    # What waits is taken first: where nothing is left, the next answer has no body.
    for body in (b"", NOTHING, NOTHING, NOTHING):
        for request in _requests(name):
            for reply in _elsewhere(name):
                await client.publish(request, body, reply=reply)
    await client.flush()
    await client.close()
    assert await _kept(server) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_says_its_facts_and_hears_from_its_durables_alone(server: Server, name: str) -> None:
    client = await server.client(name)
    js = client.jetstream(timeout=10)
    assert (await js.account_info()).streams == len(SERVICES)
    for audience in ("pub", "int"):
        said = await js.publish(f"kiez.{audience}.{name}.v1.said.{PLACE}", b"{}", headers={"Nats-Msg-Id": audience})
        assert (said.stream, said.seq, bool(said.duplicate)) == (name.upper(), said.seq, False)
        again = await js.publish(f"kiez.{audience}.{name}.v1.said.{PLACE}", b"{}", headers={"Nats-Msg-Id": audience})
        assert again.duplicate
    assert (await js.get_msg(name.upper(), 1)).subject == f"kiez.pub.{name}.v1.said.{PLACE}"
    for stream in HEARS[name]:
        assert await heard(js, durable(name, stream), stream) == ["pub", "int"]
    await client.close()


async def test_what_is_kept_has_no_word_of_how_it_came(server: Server) -> None:
    client = await server.client("funds")
    said = await client.jetstream().publish(f"kiez.pub.funds.v1.said.{PLACE}", b"{}", headers={"ce-id": "1"})
    assert (await client.jetstream().get_msg("FUNDS", said.seq)).headers == {"ce-id": "1"}
    await client.close()


async def test_a_reader_pulls_listens_and_waits_for_what_comes(server: Server) -> None:
    client = await server.client("library")
    js = client.jetstream(timeout=10)
    listening = await client.subscribe("kiez.pub.>")
    pulling = await js.pull_subscribe_bind("reader-library-funds", stream="FUNDS")
    assert await heard(js, "reader-library-funds", "funds") == ["pub"]
    waiting = asyncio.create_task(pulling.fetch(1, timeout=10))
    funds = await server.client("funds")
    await funds.jetstream().publish(f"kiez.int.funds.v1.paid.{PLACE}", b"{}")
    await funds.jetstream().publish(f"kiez.pub.funds.v1.awarded.{PLACE}", b"{}")
    (pulled,) = await waiting
    await pulled.ack_sync(timeout=10)
    assert pulled.subject == (await listening.next_msg(10)).subject == f"kiez.pub.funds.v1.awarded.{PLACE}"
    assert (await js.consumer_info("FUNDS", "reader-library-funds")).num_ack_pending == 0
    await client.close()
    await funds.close()
