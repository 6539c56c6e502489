"""Readers come and go, and a certificate is renewed, while NATS runs and everybody else stays."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from kiezctl import reader as reader_command
from kiezctl.endpoints import Endpoints
from kiezctl.ports import HOST, SERVICES
from kiezctl.provision import accounts
from kiezctl.provision.accounts import reload_nats
from kiezctl.provision.commands import renewed
from kiezctl.provision.nats_users import OPERATOR, SYSTEM
from kiezctl.provision.vault import Vault
from kiezctl.strip import free_port
from kiezctl.trouble import Trouble
from tests.support.accounts import PLACE, Server, a_nats, a_provided_nats, heard, provide_durable


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with a_provided_nats(tmp_path) as running:
        yield running


async def test_a_reader_comes_and_goes_while_the_others_stay(server: Server) -> None:
    funds, library = await server.client("funds"), await server.client("library")
    await provide_durable(server, "reader-archive-funds", "funds")
    server.vault.add_reader("archive", (), "00")
    assert await reload_nats(server.url, server.vault.logins / f"{SYSTEM}.nk") == 1
    archive = await nats.connect(
        server.url, nkeys_seed=str(server.vault.readers / "archive.nk"), inbox_prefix=b"_INBOX_reader-archive"
    )
    assert await heard(archive.jetstream(timeout=10), "reader-archive-funds", "funds") == ["pub"]
    await archive.close()
    server.vault.remove_reader("archive", ())
    await reload_nats(server.url, server.vault.logins / f"{SYSTEM}.nk")
    assert "archive" not in server.vault.accounts()
    await funds.jetstream(timeout=10).publish(f"kiez.pub.funds.v1.awarded.{PLACE}", b"{}")
    assert await heard(library.jetstream(timeout=10), "reader-library-funds", "funds") == ["pub", "pub"]
    for client in (funds, library):
        assert client.stats["reconnects"] == 0
        await client.close()


async def test_a_removal_that_did_not_come_to_its_end_may_be_repeated(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoints = tmp_path / "endpoints.json"
    services = {name: {"grpc": "nowhere:1", "http": "http://nowhere:2"} for name in SERVICES}
    endpoints.write_text(json.dumps(Endpoints(services, server.url, "").as_json() | {"nats_monitor": ""}))
    monkeypatch.setenv("KIEZ_ENDPOINTS", str(endpoints))
    monkeypatch.setenv("KIEZ_HOME", str(server.vault.folder))
    monkeypatch.setenv("KIEZ_NATS_NKEY_FILE", str(server.vault.logins / f"{OPERATOR}.nk"))
    monkeypatch.setattr(reader_command, "HANDED_OUT", server.vault.handed_out)

    async def kiezctl(*words: str) -> Any:
        return await asyncio.to_thread(lambda: CliRunner().invoke(reader_command.app, list(words)))

    assert (await kiezctl("add", "archive", "--region", "11")).exit_code == 0
    server.vault.remove_reader("archive", ())
    assert "let in no longer" in (await kiezctl("remove", "archive")).output
    operator = await server.client(OPERATOR)
    for service in SERVICES:
        known = [one.name for one in await operator.jetstream().consumers_info(service.upper())]
        assert f"reader-archive-{service}" not in known
    await operator.close()
    assert "There is no reader archive" in str((await kiezctl("remove", "archive")).exception)


async def test_a_certificate_that_is_renewed_is_shown_without_a_restart(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault", tmp_path / "secrets")
    vault.fill(())
    folder, port = vault.handed_out / "nats", free_port()
    tls = f'cert_file: "{folder}/certificate.pem", key_file: "{folder}/key.pem", handshake_first: true'
    async with a_nats(tmp_path, port, f"tls {{ {tls} }}\n"):
        first = await _shown(port)
        assert not renewed(vault, ())
        assert renewed(vault, ("other.example",))
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("KIEZ_TLS_CA", str(vault.folder / "ca.pem"))
            await reload_nats(f"tls://{HOST}:{port}", vault.logins / f"{SYSTEM}.nk")
        assert await _shown(port) != first


async def _shown(port: int) -> bytes | None:
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(HOST, port, ssl=anything)
    shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return shown


async def test_where_nats_does_not_answer_that_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(tmp_path / "vault", tmp_path / "secrets")
    vault.fill(())
    monkeypatch.setattr(accounts, "CONNECT_TIMES", 1)
    with pytest.raises(Trouble, match="NATS does not answer"):
        await reload_nats(f"nats://{HOST}:{free_port()}", vault.logins / f"{SYSTEM}.nk")
