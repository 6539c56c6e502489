"""Each login tried on what it must not reach: at NATS, at the stores, at the services."""

import asyncio
from typing import Any

import grpc
import httpx
import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from kiezctl.ports import SERVICES
from kiezctl.provision.nats_users import HEARS, durable
from tests.compose.stack import Stack

pytestmark = pytest.mark.timeout(300)
Errors = list[str]


async def _connect(stack: Stack, user: str, inbox: str = "", folder: str = "nats") -> tuple[Client, Errors]:
    errors: Errors = []

    async def told(error: Exception) -> None:
        errors.append(str(error))

    login = stack.nats_login(user, folder)
    prefix = (inbox or f"_INBOX_{user}").encode()
    return await nats.connect(stack.nats, error_cb=told, inbox_prefix=prefix, allow_reconnect=False, **login), errors


async def _refuses(client: Client, errors: Errors, subject: str) -> bool:
    """Whether publishing to a subject is a violation."""
    errors.clear()
    await client.publish(subject, b"{}")
    await client.flush()
    await client.flush()
    return any("permissions violation for publish" in error.lower() for error in errors)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_says_its_own_facts_and_asks_for_what_it_hears(stack: Stack, service: str) -> None:
    client, errors = await _connect(stack, service)
    try:
        for other in SERVICES:
            subject = f"kiez.int.{other}.v1.nothing_at_all.00.0.0.0"
            assert await _refuses(client, errors, subject) is (other != service), other
        await _take_away(stack, service)
        for heard in HEARS[service]:
            info = await client.jetstream().consumer_info(heard.upper(), durable(service, heard))
            assert info.name == durable(service, heard)
        forbidden = [f"$JS.API.STREAM.{what}.{service.upper()}" for what in ("DELETE", "PURGE", "UPDATE", "MSG.DELETE")]
        forbidden += [f"$JS.API.STREAM.MSG.GET.{other.upper()}" for other in SERVICES if other != service]
        forbidden += [f"$JS.API.CONSUMER.CREATE.{other.upper()}" for other in SERVICES]
        forbidden += [f"$JS.API.CONSUMER.DURABLE.CREATE.{other.upper()}.x" for other in SERVICES]
        others = [(other, heard) for other in SERVICES if other != service for heard in HEARS[other]]
        forbidden += [f"$JS.API.CONSUMER.MSG.NEXT.{heard.upper()}.{durable(other, heard)}" for other, heard in others]
        forbidden += ["$SYS.REQ.SERVER.PING", "_INBOX_operator.x", "kiez.pub.other.v1.x"]
        for subject in forbidden:
            assert await _refuses(client, errors, subject), subject
    finally:
        await client.close()


async def _take_away(stack: Stack, service: str) -> None:
    """What was said for trial is no fact; whoever counts facts later must not find it."""
    async with stack.nats_client("operator") as operator:
        js = operator.jetstream()
        said = await js.get_last_msg(service.upper(), f"kiez.int.{service}.v1.nothing_at_all.00.0.0.0")
        assert said.seq is not None
        assert await js.delete_msg(service.upper(), said.seq)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_listens_to_no_inbox_but_its_own(stack: Stack, service: str) -> None:
    client, errors = await _connect(stack, service)
    for subject in ("kiez.int.>", "kiez.>", "_INBOX.>", "_INBOX_operator.>", ">", "$JS.>"):
        errors.clear()
        await client.subscribe(subject)
        await client.flush()
        await client.flush()
        assert any("permissions violation for subscription" in error.lower() for error in errors), subject
    await client.close()


async def test_nobody_is_let_in_without_a_login(stack: Stack) -> None:
    for login in ({}, {"user": "funds", "password": "funds"}, {"tls": None, "tls_handshake_first": False}):
        assert not await stack.is_let_in(**login)
    assert await stack.is_let_in(**stack.nats_login("funds"))


async def test_a_reader_reads_what_is_public_from_its_own_durable_until_it_is_removed(stack: Stack) -> None:
    said = stack.operator("kiezctl", "reader", "add", "library", "--region", "11")
    assert "reader-library-funds" in said
    stack.compose("cp", "operator:/vault/readers", str(stack.vault.folder))
    client, errors = await _connect(stack, "library", "_INBOX_reader-library", "readers")
    js = client.jetstream()
    info = await js.consumer_info("FUNDS", "reader-library-funds")
    assert (
        info.config.filter_subjects == ["kiez.pub.funds.v1.*.11.>"]
        or info.config.filter_subject == "kiez.pub.funds.v1.*.11.>"
    )
    pulling = await js.pull_subscribe_bind("reader-library-funds", stream="FUNDS")
    assert all(message.subject.startswith("kiez.pub.") for message in await _whatever_comes(pulling))
    await client.subscribe("kiez.pub.>")
    await client.flush()
    assert not errors
    before = await _held(stack)
    for verb in ("PURGE", "DELETE"):
        request = "$JS.API.CONSUMER.MSG.NEXT.NOTIFY.reader-library-notify"
        await client.publish(request, b'{"no_wait": true}', reply=f"$JS.API.STREAM.{verb}.FUNDS")
    await client.flush()
    assert await _held(stack) == before
    for subject in (
        "kiez.pub.funds.v1.x.11.0.0.0", "$JS.API.CONSUMER.CREATE.FUNDS", "$JS.API.STREAM.MSG.GET.FUNDS",
        "$JS.API.CONSUMER.MSG.NEXT.FUNDS.notify-funds", "$JS.API.STREAM.INFO.FUNDS",
    ):  # fmt: skip
        assert await _refuses(client, errors, subject), subject
    for subject in ("kiez.int.>", "_INBOX_operator.>"):
        errors.clear()
        await client.subscribe(subject)
        await client.flush()
        await client.flush()
        assert errors, subject
    with pytest.raises((NatsError, asyncio.TimeoutError)):
        await js.add_consumer(
            "FUNDS", ConsumerConfig(durable_name="reader-library-funds", filter_subject="kiez.int.>"), timeout=2
        )
    await client.close()
    stack.operator("kiezctl", "reader", "remove", "library")
    assert not await stack.is_let_in(**stack.nats_login("library", "readers"))


async def _held(stack: Stack) -> dict[str | None, int]:
    async with stack.nats_client("operator") as operator:
        return {info.config.name: info.state.messages for info in await operator.jetstream().streams_info()}


async def _whatever_comes(pulling: Any) -> list[Any]:
    try:
        found: list[Any] = await pulling.fetch(20, timeout=2)
    except (NatsError, TimeoutError):
        return []
    return found


def _store(stack: Stack, service: str, user: str, password: str, source: str) -> MongoClient[dict[str, Any]]:
    host = stack.address(f"store-{service}", f"store-{service}")
    return MongoClient(
        host, 27017, username=user or None, password=password or None, authSource=source, directConnection=True,
        serverSelectionTimeoutMS=3_000,
    )  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_and_writes_its_own_database_alone(stack: Stack, service: str) -> None:
    password = (stack.vault.folder / "stores" / service / "user.password").read_text()
    with _store(stack, service, service, password, service) as client:
        client[service]["tried"].insert_one({"_id": 1})
        client[service]["tried"].drop()
        for attempt in (
            lambda: client["another"]["x"].insert_one({}),
            client["admin"]["system.users"].find_one,
            lambda: client.admin.command("createUser", "x", pwd="x", roles=["root"]),
            lambda: client.admin.command("shutdown"),
        ):
            with pytest.raises(OperationFailure):
                attempt()
    for other in SERVICES:
        if other != service:
            with pytest.raises(PyMongoError), _store(stack, other, service, password, service) as client:
                client[other]["x"].find_one()


@pytest.mark.parametrize("service", SERVICES)
def test_a_store_answers_nobody_without_a_login(stack: Stack, service: str) -> None:
    with _store(stack, service, "", "", "admin") as client, pytest.raises(OperationFailure):
        client[service]["outbox"].find_one()


def test_a_store_shares_its_network_with_its_own_service_alone(stack: Stack) -> None:
    for service in SERVICES:
        network = f"kiezwerk-test_store-{service}"
        running = stack.docker(
            "network", "inspect", network, "--format", "{{range .Containers}}{{.Name}} {{end}}"
        ).split()
        assert sorted(running) == sorted([f"kiezwerk-test-{service}-1", f"kiezwerk-test-store-{service}-1"])
        assert stack.docker("network", "inspect", network, "--format", "{{.Internal}}").strip() == "true"


@pytest.mark.parametrize("service", SERVICES)
async def test_services_speak_tls_alone_and_ask_for_a_token(stack: Stack, service: str) -> None:
    (address,) = stack.grpc(service)
    async with grpc.aio.insecure_channel(address) as plain:
        with pytest.raises(grpc.aio.AioRpcError):
            await _ask(plain, "/grpc.health.v1.Health/Check")
    async with grpc.aio.secure_channel(address, stack.channel_credentials) as private:
        assert await _ask(private, "/grpc.health.v1.Health/Check") == b"\x08\x01"
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await _ask(private, "/kiezwerk.operator.v1.OperatorService/GetOutboxStatus")
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    async with httpx.AsyncClient(verify=stack.trusted) as web:
        assert (await web.get(f"{stack.http(service)}/readyz")).status_code == httpx.codes.OK
        with pytest.raises(httpx.HTTPError):
            await web.get(f"{stack.http(service).replace('https', 'http')}/readyz")


async def _ask(channel: grpc.aio.Channel, method: str) -> bytes:
    invoke: Any = channel.unary_unary(method)
    answer: bytes = await invoke(b"", timeout=5)
    return answer
