"""How the services are called: over TLS when KIEZ_TLS_CA (or `kiezctl --ca`) names whom to trust, else plainly."""

import os
import ssl
from pathlib import Path

import grpc

from kiezctl.trouble import Trouble

VARIABLE = "KIEZ_TLS_CA"


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
