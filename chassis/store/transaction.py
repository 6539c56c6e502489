"""One unit of work on one store: state, facts, timers and records that are written together or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure
from pymongo.synchronous.database import Database

from chassis.clock import machine_now
from chassis.envelope import Catalogue, Cause
from chassis.ports import Trail, new_id
from chassis.store import faults, writes
from chassis.store.turns import Turns

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Head:
    """What a loaded document was when this work saw it: its etag, its count of facts, its home."""

    version: int
    seq: int
    region: str


@dataclass(slots=True)
class StoreTransaction:
    """The chassis' side of `ports.Transaction`, on a database and the calls of one session of the driver's."""

    at: datetime
    cause: Cause
    catalogue: Catalogue
    database: Database[Any]
    turns: Turns
    rows: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    heads: dict[tuple[str, str], Head] = field(default_factory=dict)
    _waiting: list[writes.Write] = field(default_factory=list)
    _is_open: bool = False

    async def ask(self, call: Callable[[ClientSession], T]) -> T:
        """What `call` answers with the driver's session, once the store has all that was written so far: who reads must find it.

        It runs in a thread of the driver's. What is asked for together goes there together (`ports.together`).
        """
        return await self.turns.ask(self._after_writes(call))

    async def find_one(self, rows: Any, filter: dict[str, Any]) -> dict[str, Any] | None:
        """One document of the driver's collection `rows`."""
        return await self.ask(lambda session: rows.delegate.find_one(filter, session=session))

    def write(self, write: writes.Write) -> None:
        """Let this be written with the next ones; what it meets is raised by the next read, or at the end."""
        self._waiting.append(write)

    async def commit(self) -> None:
        """Send what is still to be written, and commit."""
        await self.ask(_committed)

    def _after_writes(self, call: Callable[[ClientSession], T]) -> Callable[[ClientSession], T]:
        opens, self._is_open = not self._is_open, True
        if not self._waiting:
            return call
        waiting, self._waiting = self._waiting, []
        return partial(_written, self.turns, self.database, waiting, call, opens=opens)

    @property
    def trail(self) -> Trail:
        return Trail(self.cause.correlation_id, self.cause.traceparent)

    def say(self, aggregate_id: str, seq: int, fact: object, *, left_region: str | None = None) -> None:
        """Write `fact` into the outbox, as the `seq`-th of its aggregate."""
        id = new_id()
        letter = self.catalogue.letter(fact, id=id, sequence=seq, at=self.at, cause=self.cause, left_region=left_region)
        self.rows.append(
            {
                "_id": id,
                "aggregate": aggregate_id,
                "seq": seq,
                "type": letter.type,
                "subject": letter.subject,
                "data": letter.data,
                "headers": letter.headers,
                "by": self.cause.by,
                "recorded_at": machine_now(),
                "published_at": None,
            }
        )

    def set_timer(self, aggregate_id: str, purpose: str, due: datetime) -> None:
        id = f"{aggregate_id}/{purpose}"
        self.timers[id] = {
            "_id": id,
            "aggregate": aggregate_id,
            "purpose": purpose,
            "due": due,
            "correlation_id": self.cause.correlation_id,
            "traceparent": self.cause.traceparent,
        }

    def cancel_timer(self, aggregate_id: str, purpose: str) -> None:
        self.timers[f"{aggregate_id}/{purpose}"] = None

    def sequences(self) -> dict[str, int]:
        """The newest sequence of every aggregate that this work spoke of."""
        return {row["aggregate"]: row["seq"] for row in self.rows}


def _committed(session: ClientSession) -> None:
    try:
        session.commit_transaction()
    except OperationFailure as error:
        if error.code == faults.NO_SUCH_TRANSACTION:
            # The driver asked again after a lost answer: a store that forgot may have committed, and done anew it would be twice.
            raise faults.Forgotten from error
        raise


def _written(
    turns: Turns,
    database: Database[Any],
    waiting: list[writes.Write],
    call: Callable[[ClientSession], T],
    session: ClientSession,
    *,
    opens: bool,
) -> T:
    if opens:
        # The request that opens a transaction says how it reads, which a bulkWrite does not.
        database["outbox"].find_one({"_id": ""}, session=session)
        turns.go_on()
    writes.send(session, waiting)
    turns.go_on()
    return call(session)
