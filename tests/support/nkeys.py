"""Logins at NATS for tests: an NKey, its seed in a file, and a server that asks for one."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nkeys

from kiezctl.child import Child, Program
from kiezctl.embedded import find_binary, leash
from kiezctl.ports import HOST
from kiezctl.probe import connect
from kiezctl.strip import free_port
from tests.support.certificates import Authority


@dataclass(frozen=True, slots=True)
class Login:
    """`seed` is the file with which a client proves that it is `public`."""

    public: str
    seed: Path


def a_login(folder: Path, name: str) -> Login:
    pair = nkeys.from_seed(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    login = Login(pair.public_key.decode(), folder / f"{name}.nk")
    login.seed.write_bytes(bytes(pair.seed))
    return login


@asynccontextmanager
async def a_guarded_nats(folder: Path, authority: Authority, *users: Login, port: int = 0) -> AsyncIterator[str]:
    """A nats-server with TLS that lets in those users alone."""
    port, certificate = port or free_port(), authority.issue("nats")
    tls = f'cert_file: "{certificate.chain}", key_file: "{certificate.key}", handshake_first: true'
    lines = ", ".join(f'{{ nkey: "{login.public}" }}' for login in users)
    config = folder / "nats.conf"
    config.write_text(
        f'listen: "{HOST}:{port}"\njetstream {{ store_dir: {json.dumps(str(folder / "js"))} }}\ntls {{ {tls} }}\n'
        f"authorization {{ users: [{lines}] }}\n"
    )
    command = (find_binary("nats-server"), "--config", str(config))
    with leash() as held:
        child = Child(Program("guarded nats", command, folder / "nats.log", lambda: connect(port)), held)
        await child.start()
        try:
            yield f"tls://{HOST}:{port}"
        finally:
            await child.kill()
