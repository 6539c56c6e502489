"""What an operator sees of an outbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blocked:
    """An aggregate whose next fact NATS refuses, in the server's words."""

    aggregate_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How much waits, for how long (seconds), and what NATS refuses."""

    unpublished: int
    oldest_age_seconds: float
    total: int
    last_published_id: str
    blocked: tuple[Blocked, ...]
