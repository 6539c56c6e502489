"""Who may do what at NATS: each service its own subjects and durables, each reader its own durables of `kiez.pub`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nkeys

from kiezctl.home import write_secret
from kiezctl.ports import SERVICES

# Which streams a service hears; `tests/component/test_provision.py` holds it against the services' own code.
HEARS: Mapping[str, tuple[str, ...]] = {
    "actors": (),
    "funds": ("actors",),
    "events": ("actors", "funds"),
    "notify": ("funds", "events"),
}
OPERATOR, SYSTEM = "operator", "system"


@dataclass(frozen=True, slots=True)
class User:
    """What somebody may publish and subscribe to; `inbox` is where the answers to their requests go."""

    name: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def durable(service: str, stream: str) -> str:
    return f"{service}-{stream}"


def service_user(name: str) -> User:
    """A service says its own facts and hears what it consumes; it makes and deletes nothing."""
    own = name.upper()
    publish = [f"kiez.pub.{name}.v1.>", f"kiez.int.{name}.v1.>", "$JS.API.INFO"]
    publish += [f"$JS.API.STREAM.INFO.{own}", f"$JS.API.STREAM.MSG.GET.{own}"]
    for heard in HEARS[name]:
        publish += [f"$JS.API.STREAM.INFO.{heard.upper()}", *_pulling(heard.upper(), durable(name, heard))]
    return User(name, tuple(publish), (f"_INBOX_{name}.>",))


def reader(name: str) -> str:
    return f"reader-{name}"


def reader_user(name: str) -> User:
    """Another city system: it pulls from durables that the operator made for it, and may listen to what is public."""
    user = reader(name)
    publish = [subject for service in SERVICES for subject in _pulling(service.upper(), durable(user, service))]
    return User(user, tuple(publish), ("kiez.pub.>", f"_INBOX_{user}.>"))


def operator_user() -> User:
    return User(OPERATOR, (">",), (">",))


def _pulling(stream: str, name: str) -> list[str]:
    return [
        f"$JS.API.CONSUMER.INFO.{stream}.{name}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}",
        f"$JS.ACK.{stream}.{name}.>",
    ]


def login(folder: Path, name: str) -> str:
    """The public half of somebody's NKey; the seed lies in `<folder>/<name>.nk`, and is made when there is none."""
    file = folder / f"{name}.nk"
    if not file.exists():
        write_secret(file, bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    public: bytes = nkeys.from_seed(bytearray(file.read_bytes())).public_key
    return public.decode()


def as_config(users: Mapping[str, User], system: str) -> str:
    """The accounts of nats-server; `users` by the public half of their NKey, `system` that of who may reload it. No secret is in it."""
    lines = ["# Made by `kiezctl provision`; what is changed here is lost at the next start.", "accounts {", "  KIEZ {"]
    lines += ["    jetstream: enabled", "    users: ["]
    for public, user in users.items():
        lines.append(f"      {{ nkey: {public}, permissions: {{  # {user.name}")
        lines.append(f"          publish: {{ allow: [{_quoted(user.publish)}] }}")
        lines.append(f"          subscribe: {{ allow: [{_quoted(user.subscribe)}] }} }} }}")
    lines += ["    ]", "  }", f"  SYS {{ users: [{{ nkey: {system} }}] }}", "}", "system_account: SYS", ""]
    return "\n".join(lines)


def _quoted(subjects: tuple[str, ...]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
