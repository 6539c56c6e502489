"""A service's store: a replica set of one, and the one user who may read and write the service's own database."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from kiezctl.trouble import Trouble

SECONDS = 120.0
# Lies in a store while it is being restored: no service starts on a half.
MARK = "restoring"
ALREADY_INITIALIZED, USER_NOT_FOUND = 23, 11


def prepare_store(service: str, host: str, secrets: Path, tell: Callable[[str], None]) -> None:
    """Make what is missing at `host` ("store-funds:27017"); raises Trouble when it does not answer in time."""
    with MongoClient[dict[str, Any]](root_uri(host, secrets), serverSelectionTimeoutMS=2_000) as client:
        _make_writable(client, host)
        if client[service][MARK].find_one() is not None:
            raise Trouble(f"A restore of the store of {service} did not end; repeat it (deploy/restore).")
        _until_done(lambda: _grant(client, service, (secrets / "user.password").read_text().strip()), host)
    tell(f"The store of {service} is a replica set, and {service} may read and write its own database.")


def await_store(host: str, secrets: Path) -> None:
    """Wait until the store at `host` takes what is written, also one that was never used; raises Trouble when it does not in time."""
    with MongoClient[dict[str, Any]](root_uri(host, secrets), serverSelectionTimeoutMS=2_000) as client:
        _make_writable(client, host)


def root_uri(host: str, secrets: Path, file: str = "root.password") -> str:
    """The store's root, whose password lies in `secrets`."""
    password = (secrets / file).read_text().strip()
    return f"mongodb://root:{password}@{host}/?authSource=admin&directConnection=true"


def _make_writable(client: MongoClient[dict[str, Any]], host: str) -> None:
    _until_done(lambda: _initiate(client, host), host)
    _until_done(lambda: _require_writable(client), host)


def _initiate(client: MongoClient[dict[str, Any]], host: str) -> None:
    if "setName" in client.admin.command("hello"):
        return
    try:
        client.admin.command({"replSetInitiate": {"_id": "kiez", "members": [{"_id": 0, "host": host}]}})
    except OperationFailure as error:
        if error.code != ALREADY_INITIALIZED:
            raise


def _require_writable(client: MongoClient[dict[str, Any]]) -> None:
    if not client.admin.command("hello").get("isWritablePrimary"):
        raise PyMongoError("it has elected no primary yet")


def _grant(client: MongoClient[dict[str, Any]], service: str, password: str) -> None:
    roles = [{"role": "readWrite", "db": service}]
    try:
        client[service].command("updateUser", service, pwd=password, roles=roles)
    except OperationFailure as error:
        if error.code != USER_NOT_FOUND:
            raise
        client[service].command("createUser", service, pwd=password, roles=roles)


def _until_done(attempt: Callable[[], None], host: str) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return attempt()
        except PyMongoError as error:
            if time.monotonic() > deadline:
                raise Trouble(f"{host} is not ready after {SECONDS:.0f} s: {error}") from None
        time.sleep(0.5)
