"""What an operator sees of an outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.clock import machine_now

MOST_WAITING = 10_000
MOST_BLOCKED = 100


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


async def read_status(rows: Any, blocked: Mapping[str, str]) -> OutboxStatus:
    """`rows` is the driver's collection, `blocked` the server's words by aggregate; of both no more are looked at than anybody reads."""
    waiting = await rows.find({"published_at": None}).to_list(MOST_WAITING)
    oldest = min((row["recorded_at"] for row in waiting), default=None)
    last = await rows.find_one({"_id": {"$nin": [row["_id"] for row in waiting]}}, sort=[("_id", -1)])
    return OutboxStatus(
        unpublished=len(waiting),
        oldest_age_seconds=(machine_now() - oldest).total_seconds() if oldest else 0.0,
        total=await rows.estimated_document_count(),
        last_published_id=last["_id"] if last else "",
        blocked=tuple(Blocked(id, reason) for id, reason in blocked.items())[:MOST_BLOCKED],
    )
