"""What the driver's errors mean to us: a conflict that is retried, a duplicate, or a store that is away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import errors

from chassis.refusals import Exists, Refusal, Unavailable

DuplicateKey = errors.DuplicateKeyError
_INDEX_NAME = re.compile(r"index: (\w+)")
_WRITE_CONFLICT = 112
_NOT_TRANSACTIONAL = (errors.ConnectionFailure, errors.ExecutionTimeout, errors.WTimeoutError)


class Conflict(Exception):
    """Somebody else wrote first: load, decide and save anew."""


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
    except _NOT_TRANSACTIONAL as error:
        raise store_away() from error


def as_refusal(error: BaseException) -> Refusal | None:
    """The refusal for an error that ended a unit of work, if it is one of the store being away."""
    return store_away() if isinstance(error, _NOT_TRANSACTIONAL) else None


@contextmanager
def as_they_are() -> Iterator[None]:
    """Let driver errors through."""
    yield
