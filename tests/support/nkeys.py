"""Logins at NATS for tests: an NKey, its seed in a file."""

import os
from dataclasses import dataclass
from pathlib import Path

import nkeys


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
