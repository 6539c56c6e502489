"""Figures of the machine and of what the operator must not forget, for Prometheus: disk, certificates, backups."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kiezctl.provision.vault import Vault

PORT = 9100
# The time of its last change says when the last backup was taken.
TAKEN = "backup.taken"


class MachineFigures(Collector):
    """Looked up anew at each scrape."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def collect(self) -> Iterator[Metric]:
        disk = shutil.disk_usage(self._vault.folder)
        yield GaugeMetricFamily("kiez_disk_size_bytes", "Size of the disk that the volumes lie on.", disk.total)
        yield GaugeMetricFamily("kiez_disk_free_bytes", "What is free of it.", disk.free)
        yield GaugeMetricFamily(
            "kiez_backup_timestamp_seconds",
            "When the last backup was taken, or the installation made when there is none yet (Unix time).",
            _last_backup(self._vault.folder),
        )
        ends = GaugeMetricFamily(
            "kiez_certificate_end_timestamp_seconds", "When a certificate ends (Unix time).", labels=["part"]
        )
        for path in sorted(self._vault.handed_out.glob("*/certificate.pem")):
            ends.add_metric([path.parent.name], _end(path).timestamp())
        yield ends


def _last_backup(vault: Path) -> float:
    taken = vault / TAKEN
    return (taken if taken.exists() else vault / "ca.key").stat().st_mtime


def _end(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc.astimezone(UTC)


class Gauges:
    """`https://operator:9100/metrics`, with the operator's own certificate."""

    def __init__(self, vault: Vault, port: int = PORT) -> None:
        registry = CollectorRegistry()
        registry.register(MachineFigures(vault))
        folder = vault.handed_out / "operator"
        self._files = folder / "certificate.pem", folder / "key.pem"
        self._server, self._thread = start_http_server(
            port, registry=registry, certfile=str(self._files[0]), keyfile=str(self._files[1])
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def renew(self) -> None:
        """Show the certificate that lies there now."""
        self._server.socket.context.load_cert_chain(*self._files)  # type: ignore[attr-defined]  # an SSLSocket

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
