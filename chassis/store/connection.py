"""The store of one service: its connection, its transactions, its collections and their indexes."""

import asyncio
import dataclasses
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import DeleteOne, IndexModel, InsertOne, ReadPreference, ReplaceOne, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from chassis import logs, tracing
from chassis.clock import CalendarClock
from chassis.envelope import Catalogue, Cause
from chassis.locks import Locks
from chassis.refusals import Refusal, Stale
from chassis.store import faults
from chassis.store.transaction import StoreTransaction
from chassis.store.turns import Turns, in_thread
from chassis.store.writes import Write

log = structlog.get_logger()

T = TypeVar("T")
Rows = Sequence[dict[str, Any]]

LOOK_SECONDS = 3.0
ATTEMPTS = 10
TRANSACTION_SECONDS = 5.0
LEAVE_SECONDS = 1.0


class Store:
    """One MongoDB database. `uri` is the driver's own form and may hold a password: it is never logged."""

    def __init__(self, uri: str, name: str) -> None:
        self._client: Any = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=int(LOOK_SECONDS * 1_000),
            connectTimeoutMS=3_000,
            socketTimeoutMS=15_000,
        )
        self._database = self._client[name]
        self._about = {"db.system.name": "mongodb", "db.namespace": name}
        self._indexes: dict[str, list[IndexModel]] = {}
        self._locks = Locks()
        self._running: set[asyncio.Task[Any]] = set()
        self.clock = CalendarClock()
        self.catalogue = Catalogue("", "", ())
        self.on_commit: Callable[[Rows], None] = lambda rows: None

    def rows(self, name: str, *indexes: IndexModel) -> Any:
        """The driver's collection `name`; it and its indexes are made when the store opens."""
        self._indexes.setdefault(name, []).extend(indexes)
        return self._database[name]

    async def open(self) -> None:
        """Make the collections and indexes that are missing; raises Unavailable when the store is away."""
        with faults.spoken():
            there = set(await self._database.list_collection_names())
            for name, indexes in self._indexes.items():
                if name not in there:
                    await self._database.create_collection(name)
                if indexes:
                    await self._database[name].create_indexes(indexes)

    async def ping(self) -> None:
        with faults.spoken():
            await self._client.admin.command("ping")

    async def close(self) -> None:
        """Wait for the work under way, then close the connection."""
        if self._running:
            await asyncio.wait(self._running, timeout=TRANSACTION_SECONDS)
        self._client.close()

    async def transact(
        self,
        work: Callable[[StoreTransaction], Awaitable[T]],
        *,
        locks: Iterable[str] = (),
        cause: Cause | None = None,
    ) -> T:
        """Do `work` in one transaction, behind the named locks; on a conflict it is done anew from its beginning.

        A cancelled caller does not cancel work that has begun: it ends whole, within 6 s, and its outcome is learnt by
        repeating the `request_id`. Raises Stale BUSY after ten conflicts, Unavailable when the store is away.
        """
        async with self._locks.hold(locks):
            given = cause or Cause(logs.correlation_id())
            with tracing.span("transaction", tracing.Kind.INTERNAL, self._about, parent=given.traceparent) as span:
                own = dataclasses.replace(given, traceparent=span.traceparent)
                task = asyncio.create_task(self._attempts(work, own))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                try:
                    return await asyncio.shield(task)
                except asyncio.CancelledError:
                    task.add_done_callback(_unheard)
                    raise

    async def _attempts(self, work: Callable[[StoreTransaction], Awaitable[T]], cause: Cause) -> T:
        for _ in range(ATTEMPTS):
            try:
                async with asyncio.timeout(TRANSACTION_SECONDS):
                    tx, value = await self._attempt(work, cause)
            except TimeoutError as error:
                raise faults.store_away("OUTCOME_UNKNOWN") from error
            except Exception as error:
                if not faults.is_conflict(error):
                    refusal = faults.as_refusal(error)
                    if refusal is not None:
                        raise refusal from error
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - jitter, no secret
            else:
                self.on_commit(tx.rows)
                return value
        raise Stale("BUSY", "Too many changes at once; repeat the call.")

    async def _attempt(
        self, work: Callable[[StoreTransaction], Awaitable[T]], cause: Cause
    ) -> tuple[StoreTransaction, T]:
        session: ClientSession = self._client.delegate.start_session()
        try:
            session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True), ReadPreference.PRIMARY)
            tx = StoreTransaction(self.clock.now(), cause, self.catalogue, self._database.delegate, Turns(session))
            value = await work(tx)
            self._write_rest(tx)
            await self._commit(tx)
            return tx, value
        finally:
            await self._leave(session)

    def _write_rest(self, tx: StoreTransaction) -> None:
        outbox, timers = (f"{self._database.name}.{collection}" for collection in ("outbox", "timers"))
        for row in tx.rows:
            tx.write(Write(InsertOne(row, namespace=outbox)))
        for id, timer in tx.timers.items():
            if timer is None:
                tx.write(Write(DeleteOne({"_id": id}, namespace=timers)))
            else:
                tx.write(Write(ReplaceOne({"_id": id}, timer, upsert=True, namespace=timers)))

    async def _leave(self, session: ClientSession) -> None:
        """Give up what was not committed. A store that does not answer is not waited for: it ends a transaction by itself."""
        if not session.in_transaction:
            # There is nothing to ask of the store, so no thread is needed for it.
            session.end_session()
            return
        leaving = asyncio.create_task(_ended(session))
        self._running.add(leaving)
        leaving.add_done_callback(self._running.discard)
        await asyncio.wait((leaving,), timeout=LEAVE_SECONDS)

    async def _commit(self, tx: StoreTransaction) -> None:
        while True:
            try:
                await tx.commit()
            except PyMongoError as error:
                if not faults.commit_may_be_repeated(error):
                    raise
                await asyncio.sleep(0.05)
            else:
                return


async def _ended(session: ClientSession) -> None:
    # How the work ended is what is told.
    with suppress(PyMongoError):
        await in_thread(session.end_session)


def _unheard(task: asyncio.Task[Any]) -> None:
    """How work ended whose caller went away: a refusal is told to nobody, a bug is logged."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, Refusal):
        log.error("work ended by a bug after its caller had gone", exc_info=error)
