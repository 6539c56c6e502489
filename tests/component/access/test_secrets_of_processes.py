"""What a service writes as a process of its own, libraries in C among the writers, holds no key, no password and no token."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import grpc
import httpx
import nats
import pytest
import pytest_asyncio

from chassis.bus import streams
from chassis.ports import Role
from chassis.tls import trusting
from kiezctl.child import Child, Program
from kiezctl.embedded import leash
from kiezctl.home import ROOT
from kiezctl.ports import HOST
from kiezctl.strip import free_port
from tests.support.certificates import Authority, an_authority
from tests.support.city import NOBODY, OWNERS, City
from tests.support.nkeys import a_guarded_nats, a_login
from tools.access import SERVICES

STORE_PASSWORD, SMTP_PASSWORD = "store/Zaunkoenig-4711", "smtp-Zaunkoenig-4712"
# NATS does not know the login of this one.
STRANGER = "notify"
# Ways to say what nobody should: both kinds of logs, and a library in C on descriptor 2.
LOG = (
    "import json, os, structlog; from chassis import logs; logs.set_up('x', format='{}', level='debug')\n"
    "for secret in json.loads(os.environ['CONFIDED']): structlog.get_logger().debug('told', what=secret)"
)
INDISCREET = {
    "text": LOG.format("text"),
    "json": LOG.format("json"),
    "C": "import ctypes, json, os\n"
    "for secret in json.loads(os.environ['CONFIDED']): ctypes.CDLL(None).perror(secret.encode())",
}


@pytest_asyncio.fixture(scope="module")
async def guarded(city: City, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Authority, str, Path]]:
    """NATS with TLS and a login for each service but one: the authority, its address, and the folder of the seeds."""
    folder = tmp_path_factory.mktemp("guarded")
    logins = {name: a_login(folder, name) for name in (*SERVICES, "outside")}
    authority = an_authority(folder)
    known = [login for name, login in logins.items() if name != STRANGER]
    async with a_guarded_nats(folder, authority, *known) as url:
        trusted = trusting(authority.ca)
        client = await nats.connect(url, tls=trusted, tls_handshake_first=True, nkeys_seed=str(logins["outside"].seed))
        for owner in OWNERS:
            await streams.provide_stream(client.jetstream(), owner, 1)
        await client.close()
        yield authority, url, folder


@pytest.fixture(scope="module")
def secrets(city: City, guarded: tuple[Authority, str, Path]) -> dict[str, dict[str, str]]:
    """By service."""
    authority, _, folder = guarded
    return {
        name: {
            "nkey": (folder / f"{name}.nk").read_text(),
            "tls key": authority.issue(name).key.read_text(),
            "token": (city.folder / "token").read_text(),
            "token of a caller": city.token(Role("operator")),
            "person key": (city.folder / "person.key").read_text(),
            "password of the store": STORE_PASSWORD,
            "smtp password": SMTP_PASSWORD,
        }
        for name in SERVICES
    }


def leaks(log: str, secrets: Mapping[str, str]) -> list[str]:
    """Which secrets a text holds: whole, percent-encoded as in an address, or a line of them."""
    return [
        what
        for what, secret in secrets.items()
        if any(form in log for form in (secret.strip(), quote(secret, safe=""), *_long_lines(secret)))
    ]


def _long_lines(secret: str) -> list[str]:
    return [line for line in secret.splitlines() if len(line) > 20 and "-----" not in line]


def a_process(
    city: City, guarded: tuple[Authority, str, Path], name: str, log: Path, http: int, grpc: int, **more: str
) -> Program:
    """A service with all the secrets that one can have, as talkative as it can be."""
    authority, url, folder = guarded
    (folder / "smtp").write_text(SMTP_PASSWORD)
    prefix = name.upper()
    own = {
        "STORE_URI": city.store_uri,
        "STORE_NAME": f"{name}_said",
        "NATS_URL": url,
        "NATS_NKEY_FILE": str(folder / f"{name}.nk"),
        "GRPC_ADDRESS": f"{HOST}:{grpc}",
        "HTTP_ADDRESS": f"{HOST}:{http}",
        "JWKS": str(city.folder / "jwks.json"),
        "TOKEN_FILE": str(city.folder / "token"),
        "PERSON_KEY_FILE": str(city.folder / "person.key"),
        "PUBLIC_URL": "https://kiez.test",
        "SMTP_HOST": HOST,
        "SMTP_PORT": "1",
        **{f"{neighbour}_ADDRESS": NOBODY for neighbour in ("ACTORS", "FUNDS", "EVENTS")},
        "SMTP_USERNAME": "kiez",
        "SMTP_PASSWORD_FILE": str(folder / "smtp"),
        "MAIL_FROM": "kiezwerk@kiez.test",
    }
    shared = {
        "KIEZ_TLS_CERTIFICATE": str(folder / f"{name}.pem"),
        "KIEZ_TLS_KEY": str(folder / f"{name}.key"),
        "KIEZ_TLS_CA": str(authority.ca),
        "KIEZ_LOG_LEVEL": "debug",
        "KIEZ_DRAIN_SECONDS": "1",
        "GRPC_VERBOSITY": "debug",
        "PYTHONASYNCIODEBUG": "1",
    }
    env = {f"{prefix}_{key}": value for key, value in (own | more).items()} | shared

    async def ready() -> None:
        async with httpx.AsyncClient(verify=trusting(authority.ca)) as web:
            try:
                (await web.get(f"https://{HOST}:{http}/readyz")).raise_for_status()
            except httpx.HTTPError as error:
                raise OSError(str(error)) from None

    return Program(name, (sys.executable, "-m", f"services.{name}"), log, ready, env=env, folder=ROOT)


async def _pester(http: int, grpc_port: int, ca: Path, token: str) -> None:
    """Calls, bytes that are no message, and connections that are no TLS, with a token that is right and one that is not."""
    for port in (http, grpc_port):
        for junk in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05junk!", os.urandom(64)):
            with suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, port)
                writer.write(junk)
                await writer.drain()
                writer.close()
    credentials = grpc.ssl_channel_credentials(ca.read_bytes())
    async with grpc.aio.secure_channel(f"{HOST}:{grpc_port}", credentials) as channel:
        call: Any = channel.unary_unary("/kiezwerk.operator.v1.OperatorService/GetOutboxStatus")
        for given in (token, f"{token}x", f"x{token}"):
            for data in (b"", b"\xff"):
                with suppress(grpc.aio.AioRpcError):
                    await call(data, metadata=[("authorization", f"Bearer {given}")], timeout=10)
    async with httpx.AsyncClient(verify=trusting(ca), headers={"authorization": f"Bearer {token}"}, timeout=30) as web:
        for path in ("/readyz", "/metrics", "/nowhere"):
            await web.get(f"https://{HOST}:{http}{path}")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", SERVICES)
async def test_nothing_secret_is_written_while_a_service_lives(
    city: City,
    guarded: tuple[Authority, str, Path],
    secrets: dict[str, dict[str, str]],
    name: str,
    tmp_path: Path,
) -> None:
    http, port, log = free_port(), free_port(), tmp_path / "written.log"
    with leash() as held:
        child = Child(a_process(city, guarded, name, log, http, port), held)
        try:
            await child.start(within=90)
            await _pester(http, port, guarded[0].ca, secrets[name]["token of a caller"])
            await child.stop(within=20)
        finally:
            await child.kill()
    written = log.read_text(errors="replace")
    assert child.code == 0, written[-2_000:]
    assert '"ready"' in written
    assert leaks(written, secrets[name]) == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", SERVICES)
async def test_no_password_of_the_store_is_written_by_a_service_that_it_does_not_let_in(
    city: City,
    guarded: tuple[Authority, str, Path],
    secrets: dict[str, dict[str, str]],
    name: str,
    tmp_path: Path,
) -> None:
    log = tmp_path / "written.log"
    uri = city.store_uri.replace("//", f"//kiez:{quote(STORE_PASSWORD, safe='')}@", 1)
    with leash() as held:
        child = Child(a_process(city, guarded, name, log, free_port(), free_port(), STORE_URI=uri), held)
        try:
            await child.spawn()
            async with asyncio.timeout(90):
                await child.ended()
        finally:
            await child.kill()
    written = log.read_text(errors="replace")
    assert child.code == 1, written[-2_000:]
    assert "cannot start" in written
    assert leaks(written, secrets[name]) == []


@pytest.mark.parametrize("way", INDISCREET)
async def test_what_a_process_writes_on_purpose_is_found(
    secrets: dict[str, dict[str, str]], way: str, tmp_path: Path
) -> None:
    told, log = secrets["notify"], tmp_path / "written.log"

    async def ready() -> None:
        return None

    env = {"CONFIDED": json.dumps([*told.values()])}
    command = (sys.executable, "-c", INDISCREET[way])
    with leash() as held:
        child = Child(Program("indiscreet", command, log, ready, env=env, folder=ROOT), held)
        await child.spawn()
        await child.ended()
    assert leaks(log.read_text(), told) == [*told]
