"""TLS by files: what a service shows to those who call it, and whom it trusts when it calls."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate chain and its private key, both PEM. Renewed files are used from the next connection on."""

    chain: Path
    key: Path

    def for_grpc(self) -> grpc.ServerCredentials:
        """Raises OSError when a file cannot be read; later such a file leaves the certificate that was there."""
        read_at = self._changed_at()

        def renewed() -> Any:
            nonlocal read_at
            try:
                now = self._changed_at()
                if now == read_at:
                    return None
                configuration = self._configuration()
            except OSError:
                return None
            read_at = now
            return configuration

        return grpc.dynamic_ssl_server_credentials(self._configuration(), renewed)

    def for_http(self) -> ssl.SSLContext:
        """Raises OSError (ssl.SSLError is one) when the files are no certificate with its key."""
        read_at = self._changed_at()
        context = _server_context(self)

        def on_hello(connection: ssl.SSLObject, name: str, first: ssl.SSLContext) -> None:
            nonlocal read_at, context
            try:
                now = self._changed_at()
                if now != read_at:
                    context, read_at = _server_context(self), now
            except OSError:
                # Half-written files: what was there holds until both fit.
                pass
            connection.context = context

        outer = _server_context(self)
        outer.sni_callback = on_hello
        return outer

    def _configuration(self) -> Any:
        return grpc.ssl_server_certificate_configuration([(self.key.read_bytes(), self.chain.read_bytes())])

    def _changed_at(self) -> tuple[int, int]:
        return self.chain.stat().st_mtime_ns, self.key.stat().st_mtime_ns


def _server_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


def trusting(ca: Path) -> ssl.SSLContext:
    """For a client: trusts the authorities in this PEM file and no other."""
    return ssl.create_default_context(cafile=str(ca))


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches `host:port`."""
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
