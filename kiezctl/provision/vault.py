"""The vault: every secret of an installation, and the folders in which each part finds its own and no other."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import lor
from kiezctl.home import Home, write_secret
from kiezctl.issuer import create_secrets
from kiezctl.ports import SERVICES
from kiezctl.provision.authority import Authority, is_good, open_authority
from kiezctl.provision.nats_users import (
    OPERATOR,
    SYSTEM,
    as_config,
    login,
    reader_user,
    service_user,
)

# Who runs what inside of the containers: the images of others have users of their own.
OURS, MONGODB, PROMETHEUS, GRAFANA, ROOT_USER = 10001, 999, 65534, 472, 0
PASSWORD_BYTES = 32
SERVERS = ("nats", "nats-1", "nats-2", "nats-3")


@dataclass(frozen=True, slots=True)
class Vault:
    """`folder` is the operator's alone; below `handed_out` there is a folder for each part."""

    folder: Path
    handed_out: Path

    @property
    def home(self) -> Home:
        return Home(self.folder)

    @property
    def logins(self) -> Path:
        return self.folder / "nats"

    @property
    def readers(self) -> Path:
        return self.folder / "readers"

    def fill(self, hosts: tuple[str, ...]) -> None:
        """Make what is missing, renew what ends soon, and hand to each part its own. `hosts` are further names to be called by."""
        for folder in (
            self.folder,
            self.home.secrets,
            self.logins,
            self.readers,
            self.folder / "stores",
            self.folder / "own",
        ):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._held():
            self._fill(hosts)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """One at a time: the operator's container fills it by itself, deploy/roll and `kiezctl reader` do beside it."""
        with os.fdopen(os.open(self.folder / "held", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _fill(self, hosts: tuple[str, ...]) -> None:
        create_secrets(self.home)
        authority = open_authority(self.folder)
        for service in SERVICES:
            self._hand_to_store(service)
            self._hand_to_service(service, authority, hosts)
        self._hand_to_nats(authority, hosts)
        self._hand_over("operator", OURS, {"ca.pem": authority.pem})
        self._certify("operator", OURS, authority, ("operator",))
        self._hand_over("prometheus", PROMETHEUS, {"ca.pem": authority.pem})
        self._hand_to_grafana()

    def _hand_to_store(self, service: str) -> None:
        kept = self.folder / "stores" / service
        kept.mkdir(exist_ok=True, mode=0o700)
        for name, length in (("root.password", PASSWORD_BYTES), ("user.password", PASSWORD_BYTES), ("keyfile", 256)):
            if not (kept / name).exists():
                write_secret(kept / name, new_password(length))
        of_store = {path.name: path.read_bytes() for path in _files(kept)}
        login(self.logins, OPERATOR)
        of_nats = {"nats.nk": (self.logins / f"{OPERATOR}.nk").read_bytes()}
        passwords = ("root.password", "user.password")
        self._hand_over(f"store-{service}", MONGODB, {name: of_store[name] for name in ("root.password", "keyfile")})
        self._hand_over(f"prepare-{service}", OURS, of_nats | {name: of_store[name] for name in passwords})

    def _hand_to_grafana(self) -> None:
        kept = self.folder / "grafana.password"
        if not kept.exists():
            write_secret(kept, new_password())
        self._hand_over("grafana", GRAFANA, {"password": kept.read_bytes()})

    def _hand_to_service(self, service: str, authority: Authority, hosts: tuple[str, ...]) -> None:
        password = (self.folder / "stores" / service / "user.password").read_text()
        login(self.logins, service)
        self._certify(service, OURS, authority, (service, "localhost", "127.0.0.1", *hosts))
        self._hand_over(service, OURS, {
            "ca.pem": authority.pem,
            "jwks.json": self.home.jwks.read_bytes(),
            "token": self.home.token(service).read_bytes(),
            "person.key": self.home.person_key.read_bytes(),
            "nats.nk": (self.logins / f"{service}.nk").read_bytes(),
            "store.uri": _uri(service, password).encode(),
        } | self._own(service))  # fmt: skip

    def _own(self, service: str) -> dict[str, bytes]:
        """What the operator put there for a service: a token of another identity provider, the password of a mail server."""
        found = (self.folder / "own").glob(f"{service}.*")
        return {path.name.removeprefix(f"{service}."): path.read_bytes() for path in found}

    def add_reader(self, name: str, hosts: tuple[str, ...], region: str) -> None:
        """A login for another city system, with the region that it reads; a login that is there stays."""
        with self._held():
            login(self.readers, name)
            self._region_file(name).write_text(region)
            self._hand_to_nats(open_authority(self.folder), hosts)

    def remove_reader(self, name: str, hosts: tuple[str, ...]) -> None:
        with self._held():
            (self.readers / f"{name}.nk").unlink(missing_ok=True)
            self._region_file(name).unlink(missing_ok=True)
            self._hand_to_nats(open_authority(self.folder), hosts)

    def region_of(self, name: str) -> str:
        """What a reader reads: a region key, the whole city if nothing else was said."""
        file = self._region_file(name)
        return file.read_text() if file.exists() else lor.CITY

    def _region_file(self, name: str) -> Path:
        return self.readers / f"{name}.region"

    def _hand_to_nats(self, authority: Authority, hosts: tuple[str, ...]) -> None:
        """The certificate that the servers show, and who may log in: public halves only."""
        self._certify("nats", ROOT_USER, authority, (*SERVERS, "localhost", "127.0.0.1", *hosts), calls=True)
        self._hand_over("nats", ROOT_USER, {"ca.pem": authority.pem, "accounts.conf": self.accounts().encode()})

    def of_nats(self) -> dict[str, bytes]:
        """What its servers read: certificate, key, accounts."""
        folder = self.handed_out / "nats"
        return {path.name: path.read_bytes() for path in _files(folder)} if folder.is_dir() else {}

    def accounts(self) -> str:
        services = {login(self.logins, name): service_user(name) for name in SERVICES}
        readers = {login(self.readers, path.stem): reader_user(path.stem) for path in sorted(self.readers.glob("*.nk"))}
        return as_config(login(self.logins, OPERATOR), services, readers, login(self.logins, SYSTEM))

    def _certify(
        self, name: str, owner: int, authority: Authority, hosts: tuple[str, ...], *, calls: bool = False
    ) -> None:
        shown = self.handed_out / name / "certificate.pem"
        if not is_good(shown, hosts, datetime.now(UTC)) or not shown.read_bytes().endswith(authority.pem):
            chain, key = authority.issue(hosts, calls=calls)
            self._hand_over(name, owner, {"key.pem": key, "certificate.pem": chain})

    def _hand_over(self, name: str, owner: int, files: dict[str, bytes]) -> None:
        """Put files where their owner alone may read them, each whole or not at all."""
        folder = self.handed_out / name
        folder.mkdir(parents=True, exist_ok=True)
        _own(folder, owner, 0o700)
        for file, content in files.items():
            path = folder / file
            if not path.exists() or path.read_bytes() != content:
                write_secret(path, content)
            _own(path, owner, 0o400)


def new_password(length: int = PASSWORD_BYTES) -> bytes:
    return secrets.token_hex(length).encode()


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _own(path: Path, owner: int, mode: int) -> None:
    path.chmod(mode)
    if os.geteuid() == 0:
        os.chown(path, owner, owner)


def _uri(service: str, password: str) -> str:
    options = "directConnection=true&w=majority&journal=true&retryWrites=true"
    return f"mongodb://{service}:{password}@store-{service}:27017/?authSource={service}&{options}"
