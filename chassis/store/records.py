"""Domain dataclasses in collections: plain records, and aggregates with version, facts and home region."""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter
from pymongo import DeleteMany, DeleteOne, IndexModel, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from chassis import fields
from chassis.ports import Page, PageRequest, Transaction
from chassis.refusals import NotFound, Stale
from chassis.store import faults, pages
from chassis.store.connection import Store
from chassis.store.lookups import Lookups
from chassis.store.plain import plain
from chassis.store.transaction import Head, StoreTransaction
from chassis.store.writes import Model, Write

T = TypeVar("T")
SCHEMA = 1
MOST = 500


class Index(IndexModel):
    """An index over `fields`. A unique one is named after the reason with which a second row is refused."""

    def __init__(
        self, *fields: str, unique: bool = False, reason: str = "", where: dict[str, Any] | None = None
    ) -> None:
        extra: dict[str, Any] = {"partialFilterExpression": where} if where else {}
        name = reason or "_".join(fields)
        super().__init__([(field, 1) for field in fields], unique=unique, name=name, **extra)


@dataclass(frozen=True, slots=True)
class Total:
    """Of the rows that share `key`: how many there are, and the sum of an amount."""

    key: tuple[Any, ...]
    rows: int
    amount: int


class StoredRecords(Generic[T]):
    """Rows of one dataclass by their `id`, without facts and versions.

    `noun` names one row in refusals; `derive` adds fields to query by (region ancestors, a unique order key).
    """

    def __init__(
        self,
        store: Store,
        collection: str,
        kind: type[T],
        *,
        noun: str,
        derive: Callable[[T], dict[str, Any]] | None = None,
        indexes: Iterable[IndexModel] = (),
    ) -> None:
        self._name = collection
        self._rows = store.rows(collection, *indexes)
        self._place = self._rows.full_name
        self._lookups = Lookups(self._rows)
        with fields.checked_before():
            self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._noun = noun
        self._derive = derive or (lambda _: {})

    def _to_document(self, row: T) -> dict[str, Any]:
        document = plain(self._adapter.dump_python(row))
        return {"_id": document.pop("id"), "_schema": SCHEMA, **document, **plain(self._derive(row))}

    def _from_document(self, document: dict[str, Any]) -> T:
        return self._adapter.validate_python({**document, "id": document["_id"]})

    def _seen(self, document: dict[str, Any], tx: Transaction | None) -> T:
        return self._from_document(document)

    async def find(self, id: str, tx: Transaction | None = None) -> T | None:
        if tx is not None:
            return await self.one({"_id": id}, tx)
        with faults.spoken():
            document = await self._lookups.find(id)
        return None if document is None else self._from_document(document)

    async def get(self, id: str, tx: Transaction | None = None) -> T:
        row = await self.find(id, tx)
        if row is None:
            raise NotFound(f"{self._noun.upper()}_NOT_FOUND", f"There is no {self._noun.replace('_', ' ')} {id}.")
        return row

    async def many(self, ids: Iterable[str], tx: Transaction | None = None) -> tuple[T, ...]:
        """The rows that exist, in the order of `ids`."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return ()
        found = {d["_id"]: self._seen(d, tx) for d in await self._documents({"_id": {"$in": wanted}}, tx)}
        return tuple(found[id] for id in wanted if id in found)

    async def one(self, filter: dict[str, Any], tx: Transaction | None = None) -> T | None:
        if tx is None:
            with faults.spoken():
                document = await self._rows.find_one(plain(filter))
        else:
            document = await cast(StoreTransaction, tx).find_one(self._rows, plain(filter))
        return None if document is None else self._seen(document, tx)

    async def where(self, filter: dict[str, Any], tx: Transaction | None = None, limit: int = MOST) -> tuple[T, ...]:
        """At most `limit` rows, oldest id first."""
        found = await self._documents(filter, tx, sort=[("_id", 1)], limit=limit)
        return tuple(self._seen(document, tx) for document in found)

    async def all_where(self, filter: dict[str, Any], tx: Transaction | None = None) -> tuple[T, ...]:
        """All rows, oldest id first: for what must miss none, where matches are few enough to hold."""
        return tuple(self._seen(document, tx) for document in await self._documents(filter, tx, sort=[("_id", 1)]))

    async def ids(self, filter: dict[str, Any], limit: int) -> tuple[str, ...]:
        """The ids alone of at most `limit` rows, in their order."""
        found = await self._documents(filter, None, projection=["_id"], sort=[("_id", 1)], limit=limit)
        return tuple(document["_id"] for document in found)

    async def existing(self, ids: Iterable[str], tx: Transaction | None = None) -> set[str]:
        """Those of `ids` that there are."""
        wanted = list(ids)
        found = await self._documents({"_id": {"$in": wanted}}, tx, projection=["_id"]) if wanted else []
        return {document["_id"] for document in found}

    async def count(self, filter: dict[str, Any], tx: Transaction | None = None) -> int:
        wanted, rows = plain(filter), self._rows.delegate
        if tx is not None:
            return await cast(StoreTransaction, tx).ask(lambda session: rows.count_documents(wanted, session=session))
        with faults.spoken():
            return int(await self._rows.count_documents(wanted))

    async def _documents(self, filter: dict[str, Any], tx: Transaction | None, **how: Any) -> list[dict[str, Any]]:
        """All that match; `how` is as the driver's `find` takes it."""
        wanted, rows = plain(filter), self._rows.delegate
        if tx is not None:
            # The driver's errors reach `transact`, which knows whether to do the work anew.
            return await cast(StoreTransaction, tx).ask(lambda session: list(rows.find(wanted, session=session, **how)))
        with faults.spoken():
            return cast(list[dict[str, Any]], await self._rows.find(wanted, **how).to_list(None))

    async def totals(self, filter: dict[str, Any], amount: str, *by: str) -> tuple[Total, ...]:
        """The totals of `amount` (a path) for each combination of the fields `by`; the store reads every match."""
        group: dict[str, Any] = {"_id": {field: f"${field}" for field in by}}
        group |= {"rows": {"$sum": 1}, "amount": {"$sum": f"${amount}"}}
        with faults.spoken():
            cursor = self._rows.aggregate([{"$match": plain(filter)}, {"$group": group}])
            found = await cursor.to_list(None)
        return tuple(Total(tuple(d["_id"][field] for field in by), d["rows"], d["amount"]) for d in found)

    async def page(self, filter: dict[str, Any], request: PageRequest, order: str = "_id") -> Page[T]:
        """One page ordered by a unique field, "-field" for newest first; the token holds for this filter alone."""
        plan = pages.Plan.of(self._name, plain(filter), request, order)
        with faults.spoken():
            cursor = self._rows.find(plan.query).sort(plan.field, plan.direction).limit(plan.size + 1)
            documents = await cursor.to_list(plan.size + 1)
        items = tuple(self._from_document(d) for d in documents[: plan.size])
        more = len(documents) > plan.size
        return Page(items, plan.token_after(documents[plan.size - 1]) if more else "")

    async def put(self, tx: Transaction, row: T) -> None:
        """Insert, or replace the row of the same id."""
        document = self._to_document(row)
        self._write(tx, ReplaceOne({"_id": document["_id"]}, document, upsert=True, namespace=self._place))

    async def insert(self, tx: Transaction, row: T) -> None:
        """The refusal of one that there is comes with the next read, or at the end."""
        self._write(tx, InsertOne(self._to_document(row), namespace=self._place))

    def _write(self, tx: Transaction, model: Model, *, guarded: bool = False) -> None:
        cast(StoreTransaction, tx).write(Write(model, partial(faults.duplicate, noun=self._noun), guarded))

    async def insert_all(self, tx: Transaction, rows: Iterable[T]) -> None:
        """Many in one write, in their order."""
        if documents := [self._to_document(row) for row in rows]:
            await self._insert_many(tx, documents)

    async def _insert_many(self, tx: Transaction, documents: list[dict[str, Any]]) -> None:
        rows = self._rows.delegate
        try:
            await cast(StoreTransaction, tx).ask(lambda session: rows.insert_many(documents, session=session))
        except BulkWriteError as error:
            raise faults.Conflict from error

    async def remove(self, tx: Transaction, id: str) -> None:
        self._write(tx, DeleteOne({"_id": id}, namespace=self._place))

    async def remove_all(self, tx: Transaction, ids: Iterable[str]) -> None:
        if wanted := list(ids):
            self._write(tx, DeleteMany({"_id": {"$in": wanted}}, namespace=self._place))


class StoredAggregates(StoredRecords[T]):
    """Aggregates: saving is guarded by `version`, counts facts, and says them in the same transaction."""

    def _seen(self, document: dict[str, Any], tx: Transaction | None) -> T:
        if tx is not None:
            head = Head(document["version"], document["_seq"], document["region"])
            cast(StoreTransaction, tx).heads[(self._name, document["_id"])] = head
        return self._from_document(document)

    async def get(self, id: str, tx: Transaction | None = None, *, etag: str = "") -> T:
        aggregate = await super().get(id, tx)
        if etag and etag != str(cast(Any, aggregate).version):
            raise Stale("ETAG_MISMATCH", "The record changed since you read it; read it again and repeat.")
        return aggregate

    async def add(self, tx: Transaction, aggregate: T, *facts: object) -> T:
        return self._say(cast(StoreTransaction, tx), aggregate, None, facts)

    async def add_all(self, tx: Transaction, aggregates: Iterable[T]) -> None:
        """Add many of which nothing is said, in one write."""
        documents = [self._to_document(aggregate) | {"version": 1, "_seq": 0} for aggregate in aggregates]
        if documents:
            await self._insert_many(tx, documents)

    async def save(self, tx: Transaction, aggregate: T, *facts: object) -> T:
        """Replace what was loaded in `tx`; the facts' sequence follows the last one said."""
        work = cast(StoreTransaction, tx)
        return self._say(work, aggregate, work.heads[(self._name, cast(Any, aggregate).id)], facts)

    def _say(self, tx: StoreTransaction, aggregate: T, head: Head | None, facts: Iterable[object]) -> T:
        version, seq = (head.version, head.seq) if head else (0, 0)
        saved = cast(T, dataclasses.replace(cast(Any, aggregate), version=version + 1))
        document = self._to_document(saved)
        for fact in facts:
            if head and head.region != document["region"]:
                seq += 1
                tx.say(document["_id"], seq, fact, left_region=head.region)
            seq += 1
            tx.say(document["_id"], seq, fact)
        document["_seq"] = seq
        if head is None:
            self._write(tx, InsertOne(document, namespace=self._place))
        else:
            seen = {"_id": document["_id"], "version": version}
            self._write(tx, ReplaceOne(seen, document, namespace=self._place), guarded=True)
        tx.heads[(self._name, document["_id"])] = Head(version + 1, seq, document["region"])
        return saved

    async def hold(self, tx: Transaction, id: str) -> None:
        """Bump a counter on the aggregate, so that this work and any other that writes it cannot both commit."""
        self._write(tx, UpdateOne({"_id": id}, {"$inc": {"_holds": 1}}, namespace=self._place))
