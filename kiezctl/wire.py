"""How services and NATS are reached: over TLS when KIEZ_TLS_CA (or `kiezctl --ca`) names whom to trust, else plainly."""

import os
import ssl
from pathlib import Path
from typing import Any

import grpc

from kiezctl.trouble import Trouble

VARIABLE = "KIEZ_TLS_CA"
NKEY_VARIABLE = "KIEZ_NATS_NKEY_FILE"


def authorities() -> Path | None:
    """The PEM file with the authorities to trust; raises Trouble when it is named and not there."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    if not Path(named).is_file():
        raise Trouble(f"{named} is no file with certificates ({VARIABLE}, --ca).")
    return Path(named)


def trust(file: str) -> None:
    """Have every call from here on trust this file."""
    if file:
        os.environ[VARIABLE] = file


def open_channel(address: str) -> grpc.aio.Channel:
    ca = authorities()
    if ca is None:
        return grpc.aio.insecure_channel(address)
    return grpc.aio.secure_channel(address, grpc.ssl_channel_credentials(ca.read_bytes()))


def tls() -> ssl.SSLContext | None:
    """For HTTP to a service; None without TLS."""
    ca = authorities()
    return ssl.create_default_context(cafile=str(ca)) if ca else None


def scheme() -> str:
    return "https" if authorities() else "http"


def nats_options(url: str) -> dict[str, Any]:
    """What nats.connect needs besides `url`: TLS from the first byte for tls://, and the NKey that logs in, if one is named."""
    options: dict[str, Any] = {"servers": [url], "connect_timeout": 3}
    if url.startswith("tls://"):
        options |= {"tls": tls(), "tls_handshake_first": True}
    if seed := os.environ.get(NKEY_VARIABLE):
        options |= {"nkeys_seed": seed, "inbox_prefix": b"_INBOX_operator"}
    return options
