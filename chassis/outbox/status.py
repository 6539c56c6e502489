"""What an operator sees of an outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import machine_now

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


def age_seconds(recorded_at: datetime | None) -> float:
    """0 for no fact. One from the future, by a clock that was set back or runs ahead elsewhere, counts by its distance."""
    return abs((machine_now() - recorded_at).total_seconds()) if recorded_at else 0.0


async def read_status(rows: Any, blocked: Mapping[str, str]) -> OutboxStatus:
    """`rows` is the driver's collection, `blocked` the server's words by aggregate: no more of them are told than anybody reads."""
    waiting, published = {"published_at": None}, {"published_at": {"$ne": None}}
    # Of a fact only what is asked for: it may be large. The first two go by the index of those that wait, the last by that of `_id`.
    unpublished = await rows.count_documents(waiting)
    oldest = await rows.find_one(waiting, {"recorded_at": 1}, sort=[("recorded_at", 1)])
    last = await rows.find_one(published, {"_id": 1}, sort=[("_id", -1)])
    return OutboxStatus(
        unpublished=unpublished,
        oldest_age_seconds=age_seconds(oldest["recorded_at"] if oldest else None),
        total=await rows.estimated_document_count(),
        last_published_id=last["_id"] if last else "",
        blocked=tuple(Blocked(id, reason) for id, reason in blocked.items())[:MOST_BLOCKED],
    )
