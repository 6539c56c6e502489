"""A repeated `request_id` gets the first answer: the record is written in the transaction of the effect."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pymongo import IndexModel, InsertOne

from chassis.clock import machine_now
from chassis.refusals import Exists, Invalid, Stale
from chassis.store import Store, StoreTransaction
from chassis.store.faults import spoken
from chassis.store.writes import Write

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it went out, and the sequences of the aggregates that it spoke of."""

    response: bytes
    sequences: dict[str, int]


class Repeated(Stale):
    """The request was carried out already: its record is there."""

    def __init__(self) -> None:
        super().__init__("BUSY", "The same request was carried out just now; repeat the call.")


class Repeats:
    """The answers of the last seven days by caller, rpc and request id; only successes are kept.

    Nothing is looked up before the work: a repeat is found out when its record cannot be written, or when the work is refused, and then only.
    """

    def __init__(self, store: Store) -> None:
        self._rows = store.rows("idempotency", IndexModel([("kept_until", 1)], name="expiry", expireAfterSeconds=0))

    async def find(self, key: str, digest: str) -> Answer | None:
        """The first answer; Invalid when the body differs, Exists when it held a secret and was not kept."""
        with spoken():
            row: dict[str, Any] | None = await self._rows.find_one({"_id": key})
        if row is None:
            return None
        if row["digest"] != digest:
            raise Invalid(
                "REQUEST_ID_REUSED",
                "This request_id was used for another request; take a new one.",
                fields={"request_id": "was used for another request"},
            )
        if row["response"] is None:
            raise Exists("ANSWERED_BEFORE", "This request was carried out; its answer held a secret and is not kept.")
        return Answer(bytes(row["response"]), dict(row["sequences"]))

    def keep(self, tx: StoreTransaction, key: str, digest: str, answer: Answer, *, secret: bool) -> None:
        """Record the answer with its effect; where there is one, the work ends in Repeated."""
        row = {
            "_id": key,
            "digest": digest,
            "response": None if secret else answer.response,
            "sequences": answer.sequences,
            "kept_until": machine_now() + KEPT,
        }
        tx.write(Write(InsertOne(row, namespace=self._rows.full_name), lambda _: Repeated()))


def key_of(sub: str, rpc: str, request_id: str) -> str:
    return hashlib.sha256(f"{sub}\n{rpc}\n{request_id}".encode()).hexdigest()


def digest_of(request: bytes) -> str:
    return hashlib.sha256(request).hexdigest()
