"""What the driver's errors mean to us: a conflict that is retried, a duplicate, or a store that is away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import errors

from chassis.refusals import Exists, Refusal, Unavailable

DuplicateKey = errors.DuplicateKeyError
_INDEX_NAME = re.compile(r"index: (\w+)")
_WRITE_CONFLICT = 112
NO_SUCH_TRANSACTION = 251
_AWAY = (errors.ConnectionFailure, errors.ExecutionTimeout, errors.WTimeoutError)
# What a server answers that is there and cannot serve: no space, not (or no longer) the primary, shutting down, an
# operation or transaction that it interrupted or forgot, a lock or a time limit.
_CANNOT_NOW = frozenset(
    {6, 7, 24, 46, 89, 91, 133, 134, 189, NO_SUCH_TRANSACTION, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031}
)


class Conflict(Exception):
    """Somebody else wrote first: load, decide and save anew."""


class Forgotten(Exception):
    """The store does not know a transaction that it was asked to commit: nobody knows whether it did so before."""


def is_conflict(error: BaseException) -> bool:
    """Whether the same work, done again from its beginning, may go through."""
    if isinstance(error, Conflict):
        return True
    return isinstance(error, errors.OperationFailure) and (
        error.code == _WRITE_CONFLICT or error.has_error_label("TransientTransactionError")
    )


def commit_may_be_repeated(error: BaseException) -> bool:
    return isinstance(error, errors.PyMongoError) and error.has_error_label("UnknownTransactionCommitResult")


def duplicate(error: errors.DuplicateKeyError, noun: str) -> Exists:
    """The refusal that the violated index is named after; a taken `_id` is "<NOUN>_EXISTS"."""
    found = _INDEX_NAME.search(str(error))
    reason = found.group(1) if found and found.group(1) != "_id_" else f"{noun.upper()}_EXISTS"
    return Exists(reason, f"There is such a {noun.replace('_', ' ')} already.")


def store_away(reason: str = "STORE_AWAY") -> Unavailable:
    return Unavailable(reason, "The store does not answer; repeat the call, with the same request_id if it has one.")


@contextmanager
def spoken() -> Iterator[None]:
    """Turn a driver error of a read outside a transaction into the refusal that a caller understands."""
    try:
        yield
    except errors.PyMongoError as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def as_refusal(error: BaseException) -> Refusal | None:
    """The refusal for an error that ended a unit of work, if it is one of the store being away."""
    if isinstance(error, Forgotten):
        return store_away("OUTCOME_UNKNOWN")
    cannot = isinstance(error, errors.OperationFailure) and error.code in _CANNOT_NOW
    return store_away() if cannot or isinstance(error, _AWAY) else None
