"""What `kiezctl status` has seen of a system: each service from outside, letters, ledger, NATS."""

from dataclasses import dataclass, field

from kiezctl.exposed import Figures


@dataclass(frozen=True)
class ServiceStatus:
    """One service as seen from outside; counts are -1 while it does not answer.

    `behind` is the lag of each durable, `awaited` how many streams it does not hear yet. Since it was started: `refused` counts refusals by reason, `calls` the calls by
    rpc, `p95_seconds` says below what 95 of 100 of them stayed.
    """

    serving: bool
    ready: bool
    unpublished: int = -1
    oldest_seconds: float = -1
    blocked: int = -1
    parked: int = -1
    awaited: int = 0
    behind: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    p95_seconds: dict[str, float] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def is_well(self) -> bool:
        return self.serving and self.ready and not self.blocked and not self.parked and not self.awaited


def as_measured(shown: Figures) -> ServiceStatus:
    """What its metrics alone say of a service."""
    return ServiceStatus(
        serving=False,
        ready=False,
        awaited=int(shown.value("kiez_streams_awaited", 0)),
        behind=shown.by("kiez_consumer_pending", "durable"),
        refused=shown.by("kiez_refusals_total", "reason"),
        calls={rpc: count for rpc, count in shown.by("kiez_rpc_seconds_count", "rpc").items() if count},
        p95_seconds=shown.below("kiez_rpc_seconds", "rpc", 0.95),
    )


@dataclass(frozen=True)
class Seen:
    """The whole system: its services, the letters by state, the ledger's last proof (-1 for none), NATS."""

    services: dict[str, ServiceStatus]
    letters: dict[str, int]
    ledger_differences: int
    ledger_proved_at: float
    nats_version: str

    @property
    def is_well(self) -> bool:
        ledger = self.ledger_differences <= 0
        return ledger and bool(self.nats_version) and all(one.is_well for one in self.services.values())
