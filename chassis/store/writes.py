"""The writes of one unit of work: gathered, and sent together before anything is read again and before the commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pymongo import DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import ClientBulkWriteException, DuplicateKeyError, OperationFailure, PyMongoError

from chassis.store.faults import Conflict

DUPLICATE = 11000
Model = InsertOne[Any] | ReplaceOne[Any] | UpdateOne | DeleteOne | DeleteMany


def _conflict(_: DuplicateKeyError) -> Exception:
    return Conflict()


@dataclass(frozen=True, slots=True)
class Write:
    """One write of the driver's. `taken` makes the error of a row that there is already; `guarded` must find its row,
    or else somebody wrote first.
    """

    model: Model
    taken: Callable[[DuplicateKeyError], Exception] = _conflict
    guarded: bool = False


def send(session: ClientSession, writes: Sequence[Write]) -> None:
    """Make them in their order, in one request; raises what the first one that fails means, and Conflict."""
    try:
        result = session.client.bulk_write([write.model for write in writes], session=session, verbose_results=True)
    except ClientBulkWriteException as error:
        # What it means may be its own cause.
        raise _meant(error, writes) from None
    for place, write in enumerate(writes):
        if write.guarded and not result.update_results[place].matched_count:
            raise Conflict


def _meant(error: ClientBulkWriteException, writes: Sequence[Write]) -> BaseException:
    """The error as the driver would have raised it of one write alone."""
    if not error.write_errors:
        return error if error.error is None else cast(PyMongoError, error.error)
    first: Any = error.write_errors[0]
    if first["code"] == DUPLICATE:
        return writes[int(first["idx"])].taken(DuplicateKeyError(first["errmsg"], first["code"], first))
    return OperationFailure(first["errmsg"], first["code"], first)
