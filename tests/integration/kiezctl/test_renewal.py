"""A store's password is renewed once and for all, whatever answer was lost on the way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest_asyncio
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from kiezctl.child import Child
from kiezctl.embedded import leash, store_program, store_server
from kiezctl.ports import HOST
from kiezctl.provision.renewal import renew_root
from kiezctl.provision.store import root_uri
from kiezctl.strip import free_port


@pytest_asyncio.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[tuple[str, Path]]:
    """A store that asks for a login, and the folder with the password of its root."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "root.password").write_text("first")
    async with store_server(tmp_path / "store") as server:
        with MongoClient[dict[str, Any]](server.uri) as client:
            client.admin.command("createUser", "root", pwd="first", roles=["root"])
    port = free_port()
    program = store_program(tmp_path / "store", port)
    with leash() as held:
        child = Child(replace(program, command=(*program.command, "--auth")), held)
        await child.start()
        try:
            yield f"{HOST}:{port}", secrets
        finally:
            await child.kill()


def opens(host: str, secrets: Path) -> bool:
    with MongoClient[dict[str, Any]](root_uri(host, secrets), serverSelectionTimeoutMS=5_000) as client:
        try:
            client.admin.command("listDatabases")
        except OperationFailure:
            return False
    return True


def test_a_password_that_the_store_took_though_its_answer_was_lost_is_not_forgotten(guarded: tuple[str, Path]) -> None:
    host, secrets = guarded
    with MongoClient[dict[str, Any]](root_uri(host, secrets)) as client:
        client.admin.command("updateUser", "root", pwd="second")
    (secrets / "root.password.next").write_text("second")
    renew_root(host, secrets)
    assert (secrets / "root.password").read_text() not in {"first", "second"}
    assert opens(host, secrets)
    assert not (secrets / "root.password.next").exists()


def test_a_password_that_the_store_never_heard_of_is_dropped(guarded: tuple[str, Path]) -> None:
    host, secrets = guarded
    (secrets / "root.password.next").write_text("never said")
    renew_root(host, secrets)
    assert (secrets / "root.password").read_text() not in {"first", "never said"}
    assert opens(host, secrets)
