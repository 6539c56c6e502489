"""The settings with which a process starts, or its end with one line that says what is wrong with them."""

import sys
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chassis.settings import ServiceSettings
from chassis.tls import is_loopback, trusting

S = TypeVar("S", bound=ServiceSettings)
WRONG_SETTINGS = 78


def load(kind: type[S]) -> S:
    """The settings, or the end of the process with one line that names what is wrong."""
    try:
        settings = kind()
    except ValidationError as error:
        _stop("; ".join(_complaint(kind, e["loc"], _said(kind, e)) for e in error.errors(include_input=False)))
    for field in ("token_file", "person_key_file", "nats_nkey_file"):
        file: Path | None = getattr(settings, field)
        if file is not None and not file.is_file():
            _stop(f"{_variable(kind, field)} names {file}, which is no file")
    _check_tls(kind, settings)
    return settings


def _check_tls(kind: type[S], settings: S) -> None:
    files = {"CERTIFICATE": settings.tls_certificate, "KEY": settings.tls_key, "CA": settings.tls_ca}
    for name, file in files.items():
        if file is not None and not file.is_file():
            _stop(f"KIEZ_TLS_{name} names {file}, which is no file")
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        _stop(f"KIEZ_TLS_{'KEY' if settings.tls_certificate else 'CERTIFICATE'} is missing: one is of no use alone")
    try:
        if settings.certificate:
            settings.certificate.for_http()
    except OSError:
        _stop("KIEZ_TLS_CERTIFICATE and KIEZ_TLS_KEY are no certificate with its key, both in PEM")
    try:
        if settings.tls_ca:
            trusting(settings.tls_ca)
    except OSError:
        _stop("KIEZ_TLS_CA holds no certificates in PEM")
    for field, address in (("grpc_address", settings.grpc_address), ("http_address", settings.http_address)):
        if not (settings.certificate or settings.plaintext_network or is_loopback(address)):
            _stop(
                f"KIEZ_TLS_CERTIFICATE is missing: {_variable(kind, field)} {address} is reached from other machines"
                " (KIEZ_PLAINTEXT_NETWORK=1 allows it inside a private container network only)"
            )


def _stop(complaint: str) -> NoReturn:
    print(f"wrong settings: {complaint}", file=sys.stderr)  # noqa: T201 - before logging is set up
    raise SystemExit(WRONG_SETTINGS)


def _said(kind: type[ServiceSettings], error: ErrorDetails) -> str:
    """What is wrong with one setting; in place of a pattern, what the setting is."""
    if error["type"] != "string_pattern_mismatch":
        return error["msg"]
    names = ((name, field.validation_alias, field) for name, field in kind.model_fields.items())
    return "does not fit: " + next(f.description or "" for name, alias, f in names if error["loc"][0] in (name, alias))


def _complaint(kind: type[ServiceSettings], loc: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    # What concerns two settings names them itself.
    return f"{_variable(kind, str(loc[0]))}: {said}" if loc else f"{kind.model_config.get('env_prefix', '')}{said}"


def _variable(kind: type[ServiceSettings], field: str) -> str:
    name = field if field.startswith("KIEZ_") else f"{kind.model_config.get('env_prefix', '')}{field}"
    return name.upper()
