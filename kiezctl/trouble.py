"""Trouble: what stops a command, in a sentence that the person in front of it can act on."""

import errno
from typing import cast

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


class Trouble(Exception):
    """Ends a command with exit code 1; the text is shown as it is, without a traceback."""


def told(error: BaseException) -> str | None:
    """The sentence for an error that a person can mend; None for a bug, whose traceback is wanted."""
    if isinstance(error, Trouble):
        return str(error)
    if isinstance(error, grpc.aio.AioRpcError):
        return _told_by_service(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "The disk is full: nothing more can be stored. Make room, then start again; what was acknowledged is kept."
        )
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {error.filename}"
    return None


def _told_by_service(error: grpc.aio.AioRpcError) -> str:
    code, sentence = error.code().name, error.details() or ""
    reason, fields = reason_of(error), fields_of(error)
    if code == "UNAVAILABLE" and not reason:
        return "The service does not answer; `kiezctl status` says which parts run."
    wrong = "".join(f"\n  {field}: {what}" for field, what in fields.items())
    return f"{reason or code}: {sentence}{wrong}"


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """The UPPER_SNAKE reason of a refusal; empty when the answer did not come from a service."""
    for detail in _details(error):
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""


def fields_of(error: grpc.aio.AioRpcError) -> dict[str, str]:
    """What is wrong with which field of the request."""
    found: dict[str, str] = {}
    for detail in _details(error):
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            found |= {violation.field: violation.description for violation in bad.field_violations}
    return found


def _details(error: grpc.aio.AioRpcError) -> list:  # type: ignore[type-arg]  # protobuf's Any: the stubs of grpc_status lack it
    try:
        status = rpc_status.from_call(cast("grpc.Call", error))
    except ValueError:
        return []
    return list(status.details) if status else []
