"""New secrets in place of those that somebody may have seen; deploy/renew runs it and has every part take what is new."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from kiezctl.home import write_secret
from kiezctl.ports import SERVICES
from kiezctl.provision.store import root_uri
from kiezctl.provision.vault import Vault, new_password
from kiezctl.trouble import Trouble

STORE_MS = 10_000


def renew(vault: Vault, kinds: tuple[str, ...], tell: Callable[[str], None]) -> None:
    """Take away what is to be made anew (`kiezctl provision secrets` makes it), and change what others must be told of."""
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise Trouble(f"{', '.join(sorted(unknown))}: there is {', '.join(KINDS)} to be renewed.")
    for kind in kinds:
        KINDS[kind](vault)
        tell(f"{kind}: renewed.")


def _logins(vault: Vault) -> None:
    """Of services and operators at NATS; readers are removed and added again by name."""
    _remove(*vault.logins.glob("*.nk"))


def _tokens(vault: Vault) -> None:
    """The key that signs them: all that were given out so far are void."""
    _remove(vault.home.secrets / "issuer.pem")


def _certificates(vault: Vault) -> None:
    """Every caller needs the new ca.pem."""
    _remove(vault.folder / "ca.key", vault.folder / "ca.pem")


def _store_users(vault: Vault) -> None:
    _remove(*(vault.folder / "stores" / name / "user.password" for name in SERVICES))


def _store_roots(vault: Vault) -> None:
    """And their key files: to MongoDB one is the password of `__system`, who may do all."""
    for name in SERVICES:
        kept = vault.folder / "stores" / name
        renew_root(f"store-{name}:27017", kept)
        _remove(kept / "keyfile")


def renew_root(host: str, folder: Path) -> None:
    """Another password for the root of the store at `host`, into `folder`; raises PyMongoError."""
    # Kept before the store knows it: whatever ends us in between, one of the two files has the password.
    draft, kept = folder / "root.password.next", folder / "root.password"
    if draft.exists() and _opens(host, draft):
        draft.replace(kept)
    write_secret(draft, new_password())
    with MongoClient[dict[str, Any]](root_uri(host, folder), serverSelectionTimeoutMS=STORE_MS) as client:
        client.admin.command("updateUser", "root", pwd=draft.read_text())
    draft.replace(kept)


def _opens(host: str, password: Path) -> bool:
    uri = root_uri(host, password.parent, password.name)
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=STORE_MS) as client:
        try:
            client.admin.command("listDatabases")
        except OperationFailure:
            return False
    return True


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


KINDS: Mapping[str, Callable[[Vault], None]] = {
    "logins": _logins,
    "tokens": _tokens,
    "certificates": _certificates,
    "store-users": _store_users,
    "store-roots": _store_roots,
}
