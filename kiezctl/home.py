"""The home of one copy: the folder `.kiezwerk/` with its data, its secrets and what runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiezctl.trouble import Trouble

ROOT = Path(__file__).resolve().parents[1]


class AlreadyRunning(Trouble):
    """Another process of this copy holds the home."""


@dataclass(frozen=True)
class Home:
    """Where things lie; nothing is created by asking."""

    folder: Path

    @property
    def secrets(self) -> Path:
        """Only for the owner's eyes: mode 0700."""
        return self.folder / "secrets"

    @property
    def jwks(self) -> Path:
        return self.folder / "jwks.json"

    @property
    def run_file(self) -> Path:
        return self.folder / "run.json"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def nats(self) -> Path:
        return self.folder / "nats"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def person_key(self) -> Path:
        return self.secrets / "person.key"

    def store(self, service: str) -> Path:
        return self.folder / "stores" / service

    def token(self, service: str) -> Path:
        return self.secrets / f"{service}.token"

    def create(self) -> None:
        """Make the folder; raises PermissionError or OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.secrets.mkdir(exist_ok=True, mode=0o700)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the home for this process alone; raises AlreadyRunning. The kernel lets go of it, however we end."""
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(f"Kiezwerk already runs for {self.folder}.") from None
            yield


def find_home() -> Home:
    """The folder that KIEZ_HOME names, else `.kiezwerk/` in the project's own."""
    named = os.environ.get("KIEZ_HOME")
    return Home(Path(named).absolute() if named else ROOT / ".kiezwerk")


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
