"""Who may do what at NATS: each service its own subjects and durables, each reader its own durables of `kiez.pub`.

Each has an account of its own, in which nothing is but what it imports: NATS does not check to whom a request that is allowed has
itself answered, and in one account with the streams that could be anybody's subject (docs/decisions/0015-an-account-for-each-login.md).
"""

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
# What the account of the streams lets others import; what each of them does import, its User says.
ANSWERED_ONCE = ("$JS.API.INFO", "$JS.API.STREAM.>", "$JS.API.CONSUMER.INFO.>", "$JS.ACK.>", "kiez.>")
ANSWERED_OFTEN = "$JS.API.CONSUMER.MSG.NEXT.>"


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


def as_config(operator: str, services: Mapping[str, User], readers: Mapping[str, User], system: str) -> str:
    """The accounts of nats-server. No secret is in it: NKeys are known by their public halves.

    `operator` may do all where the streams are, `services` and `readers` what their own accounts import, `system` may reload the server.
    """
    lines = ["# Made by `kiezctl provision`; what is changed here is lost at the next start.", "accounts {"]
    exports = [f'{{ service: "{subject}" }}' for subject in ANSWERED_ONCE]
    exports.append(f'{{ service: "{ANSWERED_OFTEN}", response_type: stream }}')
    lines += ["  KIEZ {", "    jetstream: enabled", *_listed("exports", exports)]
    lines += [f"    users: [{{ nkey: {operator} }}]", "  }"]
    for public, user in services.items():
        # From here, not from the account of the streams: what came there as a request is not exported again.
        said = [f'{{ stream: "kiez.pub.{user.name}.v1.>" }}']
        lines += _account(public, user, _listed("exports", said) + _listed("imports", _asked(user)))
    heard = [f'{{ stream: {{ account: {name}, subject: "kiez.pub.{name}.v1.>" }} }}' for name in SERVICES]
    for public, user in readers.items():
        lines += _account(public, user, _listed("imports", _asked(user) + heard))
    lines += [f"  SYS {{ users: [{{ nkey: {system} }}] }}", "}", "system_account: SYS", ""]
    return "\n".join(lines)


def _account(public: str, user: User, shared: list[str]) -> list[str]:
    return [
        f"  {user.name} {{",
        *shared,
        f"    users: [{{ nkey: {public}, permissions: {{",
        f"      publish: {{ allow: [{_quoted(user.publish)}] }}",
        f"      subscribe: {{ allow: [{_quoted(user.subscribe)}] }} }} }}]",
        "  }",
    ]


def _asked(user: User) -> list[str]:
    # An account without JetStream that does not import this one has its requests answered by the server: there is none.
    subjects = dict.fromkeys(("$JS.API.INFO", *user.publish))
    return [f'{{ service: {{ account: KIEZ, subject: "{subject}" }} }}' for subject in subjects]


def _listed(name: str, entries: list[str]) -> list[str]:
    return [f"    {name}: [", *(f"      {entry}" for entry in entries), "    ]"]


def _quoted(subjects: tuple[str, ...]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
