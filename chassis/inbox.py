"""What is heard has its effect once and in order per aggregate; what cannot be handled is parked, with all that follows it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pymongo import DeleteOne, IndexModel, InsertOne, ReplaceOne, UpdateOne

from chassis.clock import machine_now, machine_seconds
from chassis.crowds import Place
from chassis.envelope import Heard, Meta
from chassis.ports import Page, PageRequest, Transaction, together
from chassis.refusals import NotFound, Unavailable
from chassis.store import Store, StoreTransaction, faults
from chassis.store.pages import Plan
from chassis.store.writes import Write

AT_ONCE = 200
MOST_COUNTED = 1_000
H = TypeVar("H", bound=Heard)
Handler = Callable[[Transaction, Any, Meta], Awaitable[None]]
# Seconds between two looks: short for what comes at once, long for what does not.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.025, 0.2


@dataclass(frozen=True, slots=True)
class Ear:
    """One message type and what is done about it; a copy follows the newest state, an effect happens once each."""

    model: type[Heard]
    handler: Handler
    once: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """All that a service hears from one stream, through one durable."""

    name: str
    ears: tuple[Ear, ...]


def know(model: type[H], handler: Callable[[Transaction, H, Meta], Awaitable[None]]) -> Ear:
    """Keep a copy: a message with a higher sequence than the last one of its aggregate is applied, any other dropped."""
    return Ear(model, handler, once=False)


def react(model: type[H], handler: Callable[[Transaction, H, Meta], Awaitable[None]]) -> Ear:
    """Do something about it: once for each message, recorded with its effect."""
    return Ear(model, handler, once=True)


def heard_from(stream: str, *ears: Ear) -> Stream:
    return Stream(stream, ears)


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that waits for an operator; `behind` when it only waits for an earlier one of its aggregate."""

    id: str
    durable: str
    stream: str
    type: str
    aggregate_id: str
    sequence: int
    reason: str
    sentence: str
    body: str
    behind: bool
    parked_at: datetime
    headers: dict[str, str]


class Inbox:
    """The consumed side of one service's store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._inbox = store.rows("inbox")
        self._seen = store.rows("seen")
        self._parked = store.rows(
            "parked", IndexModel([("aggregate_id", 1)], name="aggregate"), IndexModel([("durable", 1)], name="durable")
        )

    async def apply(self, durable: str, ear: Ear, message: Heard, meta: Meta, *, redriven: bool = False) -> str:
        """Carry out one message in one transaction; answers what happened: applied, repeated or behind."""
        id = f"{durable}:{meta.id}"

        async def work(tx: StoreTransaction) -> str:
            done, newest, before = await together(
                tx.find_one(self._inbox, {"_id": id}),
                self._newest(tx, ear, meta.aggregate_id),
                self._one_parked(tx, durable, meta.aggregate_id),
            )
            # Done, or given up by an operator.
            was_heard = done is not None or newest >= meta.sequence
            if not was_heard and not redriven and before:
                return "behind"
            if redriven:
                tx.write(Write(DeleteOne({"_id": id}, namespace=self._parked.full_name)))
            if was_heard:
                return "repeated"
            if ear.once:
                # Before its effect: where another replica was first, that is what this meets.
                row = {"_id": id, "type": meta.type, "at": machine_now()}
                tx.write(Write(InsertOne(row, namespace=self._inbox.full_name)))
            await ear.handler(tx, message, meta)
            seen, place = {"$max": {"seq": meta.sequence}}, self._seen.full_name
            tx.write(Write(UpdateOne({"_id": meta.aggregate_id}, seen, upsert=True, namespace=place)))
            return "applied"

        return await self._store.transact(work, locks=(meta.aggregate_id,), cause=meta.as_cause())

    async def _one_parked(self, tx: StoreTransaction, durable: str, aggregate_id: str) -> dict[str, Any] | None:
        return await tx.find_one(self._parked, {"aggregate_id": aggregate_id, "durable": durable})

    async def _newest(self, tx: StoreTransaction, ear: Ear, aggregate_id: str) -> int:
        """The sequence that a copy of the aggregate is at; 0 for what happens once each, whatever came before."""
        seen = None if ear.once else await tx.find_one(self._seen, {"_id": aggregate_id})
        return int(seen["seq"]) if seen else 0

    async def park(self, parked: Parked) -> str:
        """Keep the message for an operator, once; answers what happened: parked, repeated (it was given up before), or free:
        nothing is parked any more that it would wait behind.
        """

        async def work(tx: StoreTransaction) -> str:
            place = self._parked.full_name
            if await tx.find_one(self._inbox, {"_id": parked.id}) is not None:
                return "repeated"
            if parked.behind:
                other = await self._one_parked(tx, parked.durable, parked.aggregate_id)
                if other is None:
                    return "free"
                # Whoever drives or drops that one meanwhile meets this.
                held = UpdateOne({"_id": other["_id"]}, {"$inc": {"_holds": 1}}, namespace=place)
                tx.write(Write(held, guarded=True))
            row = {field: getattr(parked, field) for field in Parked.__slots__ if field != "id"}
            tx.write(Write(UpdateOne({"_id": parked.id}, {"$setOnInsert": row}, upsert=True, namespace=place)))
            return "parked"

        return await self._store.transact(work, locks=(parked.aggregate_id,))

    async def knows(self, aggregate_id: str, sequence: int) -> bool:
        """Whether a fact of the aggregate with this sequence or a later one is known here."""
        seen = await self._seen.find_one({"_id": aggregate_id})
        if seen is not None and seen["seq"] >= sequence:
            return True
        own = self._store.rows("outbox")
        return await own.find_one({"aggregate": aggregate_id, "seq": {"$gte": sequence}}) is not None

    async def wait_for(self, aggregate_id: str, sequence: int) -> None:
        """Return once it is known; the caller sets the deadline."""
        pause = SHORTEST_PAUSE
        while not await self.knows(aggregate_id, sequence):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def parked_count(self, durable: str = "") -> int:
        """Of one durable, or of all; no more than MOST_COUNTED are counted: it is asked for each second."""
        with faults.spoken():
            query = {"durable": durable} if durable else {}
            return int(await self._parked.count_documents(query, limit=MOST_COUNTED))

    async def list_parked(self, durable: str, request: PageRequest) -> Page[Parked]:
        """Of one durable ("" for all), by id."""
        plan = Plan.of("parked", {"durable": durable} if durable else {}, request, "_id")
        found = self._parked.find(plan.query).sort(plan.field, plan.direction).limit(plan.size + 1)
        documents = await found.to_list(plan.size + 1)
        items = tuple(_row(d) for d in documents[: plan.size])
        return Page(items, plan.token_after(documents[plan.size - 1]) if len(documents) > plan.size else "")

    async def all_parked(self, durable: str) -> AsyncIterator[Parked]:
        """All of one durable, page by page: it may change meanwhile."""
        token, is_last = "", False
        while not is_last:
            page = await self.list_parked(durable, PageRequest(AT_ONCE, token))
            for row in page.items:
                yield row
            token, is_last = page.next_page_token, not page.next_page_token

    async def get_parked(self, id: str) -> Parked:
        document = await self._parked.find_one({"_id": id})
        if document is None:
            raise NotFound("PARKED_NOT_FOUND", f"There is no parked message {id}.")
        return _row(document)

    async def of_aggregate(self, durable: str, aggregate_id: str) -> tuple[Parked, ...]:
        """All that is parked of one aggregate, in its order."""
        documents = await self._parked.find({"aggregate_id": aggregate_id, "durable": durable}).to_list(10_000)
        return tuple(sorted((_row(d) for d in documents), key=lambda row: row.sequence))

    async def reword(self, id: str, reason: str, sentence: str) -> None:
        """Say anew why a message is still parked."""
        told = {"reason": reason, "sentence": sentence, "behind": False}
        await self._parked.update_one({"_id": id}, {"$set": told})

    async def drop(self, id: str, reason: str, by: str) -> Parked:
        """Give a parked message up for good, whenever it comes again; who and why stay on record."""

        async def work(tx: StoreTransaction) -> Parked:
            document = await tx.find_one(self._parked, {"_id": id})
            if document is None:
                raise NotFound("PARKED_NOT_FOUND", f"There is no parked message {id}.")
            tx.write(Write(DeleteOne({"_id": id}, namespace=self._parked.full_name)))
            record = {"_id": id, "type": document["type"], "at": machine_now(), "why": reason, "by": by}
            tx.write(Write(ReplaceOne({"_id": id}, record, upsert=True, namespace=self._inbox.full_name)))
            return _row(document)

        return await self._store.transact(work)


def _row(document: dict[str, Any]) -> Parked:
    return Parked(**{field: document["_id" if field == "id" else field] for field in Parked.__slots__})


async def caught_up(inbox: Inbox, wanted: Iterable[tuple[str, int]], seconds: float, place: Place) -> None:
    """Wait in `place` until this service knows each aggregate up to its sequence; Unavailable BEHIND after `seconds`, or without a place."""
    deadline = machine_seconds() + seconds
    for aggregate_id, sequence in wanted:
        if await inbox.knows(aggregate_id, sequence):
            continue
        if not place.is_free:
            raise _behind(aggregate_id, sequence)
        try:
            with place.taken():
                async with asyncio.timeout(max(deadline - machine_seconds(), 0.01)):
                    await inbox.wait_for(aggregate_id, sequence)
        except TimeoutError:
            raise _behind(aggregate_id, sequence) from None


def _behind(aggregate_id: str, sequence: int) -> Unavailable:
    return Unavailable("BEHIND", f"{aggregate_id} is not known up to {sequence} here yet; repeat the call.")
