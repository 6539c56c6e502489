"""TLS by files: who listens with a certificate, who calls with an authority, and what a renewed file does."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import grpc
import httpx
import nats
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis import connections
from chassis.ports import Trail, new_id
from chassis.refusals import Unavailable
from chassis.rpc import Neighbour
from chassis.rpc.server import OPTIONS
from chassis.store import Store
from chassis.tls import Certificate, trusting
from kiezctl.child import Child, Program
from kiezctl.embedded import find_binary, leash
from kiezctl.probe import connect
from kiezctl.strip import free_port
from tests.support.certificates import Authority, an_authority
from tests.support.city import City, eventually
from tests.support.client import message_type
from tests.support.toy import SERVICE, a_toy


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return an_authority(tmp_path)


def with_tls(certificate: Certificate, authority: Authority) -> dict[str, Any]:
    return {
        "KIEZ_TLS_CERTIFICATE": certificate.chain,
        "KIEZ_TLS_KEY": certificate.key,
        "KIEZ_TLS_CA": authority.ca,
    }


async def shown(port: int) -> str:
    """The certificate that a port shows now, in PEM."""
    return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port), timeout=5)


async def is_served(port: int, trusted: grpc.ChannelCredentials) -> None:
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", trusted) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_grpc_and_http_are_private_and_a_renewed_certificate_is_shown_without_a_restart(
    city: City, authority: Authority
) -> None:
    async with a_toy(city, **with_tls(authority.issue("toy"), authority)) as toy:
        running = toy.started.running
        trusted = grpc.ssl_channel_credentials(authority.ca.read_bytes())
        await is_served(running.grpc_port, trusted)
        async with httpx.AsyncClient(verify=trusting(authority.ca)) as browser:
            assert (await browser.get(f"https://127.0.0.1:{running.http_port}/readyz")).status_code == 200
        first = [await shown(running.grpc_port), await shown(running.http_port)]
        renewed = authority.issue("toy").chain.read_text()
        assert [await shown(running.grpc_port), await shown(running.http_port)] == [renewed, renewed] != first
        await is_served(running.grpc_port, trusted)


@pytest.mark.parametrize("is_private", [True, False])
async def test_who_connects_to_grpc_and_says_nothing_is_disconnected(
    city: City, authority: Authority, monkeypatch: pytest.MonkeyPatch, *, is_private: bool
) -> None:
    name = "grpc.server_handshake_timeout_ms"
    assert dict(OPTIONS)[name] == 10_000
    monkeypatch.setattr("chassis.rpc.server.OPTIONS", [*((k, v) for k, v in OPTIONS if k != name), (name, 300)])
    tls = with_tls(authority.issue("toy"), authority) if is_private else {}
    async with a_toy(city, **tls) as toy:
        reader, writer = await asyncio.open_connection("127.0.0.1", toy.started.running.grpc_port)
        # What the server says first is no reason to stay.
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()


async def test_who_connects_to_https_and_says_nothing_is_disconnected(
    city: City, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connections.HANDSHAKE_SECONDS == 10
    monkeypatch.setattr(connections, "HANDSHAKE_SECONDS", 0.3)
    async with a_toy(city, **with_tls(authority.issue("toy"), authority)) as toy:
        reader, writer = await asyncio.open_connection("127.0.0.1", toy.started.running.http_port)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


async def test_a_renewal_that_cannot_be_read_leaves_the_certificate_that_was_there(
    city: City, authority: Authority
) -> None:
    certificate = authority.issue("toy")
    async with a_toy(city, **with_tls(certificate, authority)) as toy:
        running = toy.started.running
        first = certificate.chain.read_text()
        certificate.chain.write_text("half a certif")
        assert [await shown(running.grpc_port), await shown(running.http_port)] == [first, first]


async def test_a_neighbour_is_asked_over_tls_and_only_one_that_the_authority_knows(
    city: City, authority: Authority, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(city.token())
    stranger = an_authority(tmp_path, "stranger")
    async with a_toy(city, **with_tls(authority.issue("toy"), authority)) as toy:
        address = f"127.0.0.1:{toy.started.running.grpc_port}"
        pot = await toy.add()
        request = message_type("kiezwerk.toy.v1.GetPotRequest")(pot_id=pot.id)
        response = message_type("kiezwerk.toy.v1.GetPotResponse")
        answers = []
        for ca in (authority.ca, stranger.ca):
            neighbour = Neighbour("toy", address, token, ca)
            ask: Any = neighbour.call(f"/{SERVICE}/GetPot", request, response, seconds=3, trail=Trail())
            try:
                answers.append((await ask).pot.id)
            except Unavailable as away:
                answers.append(away.reason)
            await neighbour.close()
    assert answers == [pot.id, "NEIGHBOUR_AWAY"]


@asynccontextmanager
async def a_nats_with_tls(folder: Path, certificate: Certificate) -> AsyncIterator[int]:
    port = free_port()
    tls = f'cert_file: "{certificate.chain}", key_file: "{certificate.key}", handshake_first: true'
    store = json.dumps(str(folder / "streams"))
    config = folder / "nats.conf"
    config.write_text(f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: {store} }}\ntls {{ {tls} }}\n')
    command = (find_binary("nats-server"), "--config", str(config))
    program = Program("nats with tls", command, folder / "nats.log", lambda: connect(port))
    with leash() as held:
        child = Child(program, held)
        try:
            await child.start()
            yield port
        finally:
            await child.kill()


async def test_nats_is_spoken_to_over_tls_both_by_the_relay_and_by_the_ears(
    city: City, authority: Authority, tmp_path: Path
) -> None:
    async with a_nats_with_tls(tmp_path, authority.issue("nats")) as port:
        url = f"tls://127.0.0.1:{port}"
        outside = await nats.connect(url, tls=trusting(authority.ca), tls_handshake_first=True)
        js = outside.jetstream()
        await js.add_stream(name="OTHER", subjects=["kiez.*.other.v1.>"])
        async with a_toy(city, nats_url=url, **with_tls(authority.issue("toy"), authority)) as toy:
            await toy.add()
            assert await toy.started.running.relay.flush(10)
            said = City(url, city.store_uri, city.folder, city.issuer, js)
            await said.say("other", "thing_done", {"id": new_id(), "region": "00", "cents": 7})

            async def heard() -> bool:
                return toy.done == [7]

            await eventually(heard)
        await outside.close()


async def test_who_says_that_nats_needs_no_tls_gets_no_word_from_us(city: City, authority: Authority) -> None:
    heard = bytearray()

    async def stripped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.12.0","proto":1,"max_payload":1048576}\r\n')
        heard.extend(await reader.read(100_000))
        writer.close()

    liar = await asyncio.start_server(stripped, "127.0.0.1", 0)
    port = liar.sockets[0].getsockname()[1]
    async with a_toy(city, nats_url=f"tls://127.0.0.1:{port}", KIEZ_TLS_CA=authority.ca):

        async def spoken_to() -> bool:
            return bool(heard)

        await eventually(spoken_to)
    liar.close()
    assert b"CONNECT" not in heard


async def test_the_store_is_reached_over_tls_by_its_uri(city: City, authority: Authority) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate = authority.issue("store")
    context.load_cert_chain(certificate.chain, certificate.key)
    behind = urlsplit(city.store_uri)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    tunnels: list[asyncio.Future[Any]] = []

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(behind.hostname, behind.port)
        both = asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))
        tunnels.append(both)
        await both
        await asyncio.gather(writer.wait_closed(), inner_writer.wait_closed(), return_exceptions=True)

    server = await asyncio.start_server(tunnel, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    uri = f"mongodb://127.0.0.1:{port}/?{behind.query}&tls=true&tlsCAFile={authority.ca}"
    store = Store(uri, f"toy_{new_id()}".replace("-", "_")[:40])
    store.rows("pots")
    await store.open()
    await store.ping()
    await store.close()
    server.close()
    await asyncio.wait_for(asyncio.gather(*tunnels), 10)
