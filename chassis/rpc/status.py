"""Refusals as rich gRPC statuses (google.rpc.Status with ErrorInfo, BadRequest and RetryInfo)."""

from collections.abc import Mapping

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis import refusals

# Bytes. A status travels in trailers, and clients take 8 KiB of them: what is longer never arrives.
LONGEST_SENTENCE = 600
LONGEST_FIELD = 200
MOST_DETAILS = 1_500
# The statuses by which a service fails; by any other it answers, or the caller has gone.
FAILURES = ("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED")

_CODES: dict[type[refusals.Refusal], int] = {
    refusals.Invalid: code_pb2.INVALID_ARGUMENT,
    refusals.NotFound: code_pb2.NOT_FOUND,
    refusals.Exists: code_pb2.ALREADY_EXISTS,
    refusals.Unauthenticated: code_pb2.UNAUTHENTICATED,
    refusals.Forbidden: code_pb2.PERMISSION_DENIED,
    refusals.NotNow: code_pb2.FAILED_PRECONDITION,
    refusals.Stale: code_pb2.ABORTED,
    refusals.Exhausted: code_pb2.RESOURCE_EXHAUSTED,
    refusals.Unavailable: code_pb2.UNAVAILABLE,
}


def code_of(refusal: refusals.Refusal) -> int:
    return next(code for kind, code in _CODES.items() if isinstance(refusal, kind))


def name_of(refusal: refusals.Refusal) -> str:
    """The name of its status, such as NOT_FOUND."""
    return str(code_pb2.Code.Name(code_of(refusal)))


def of_refusal(refusal: refusals.Refusal, domain: str) -> grpc.Status:
    """`domain` is the service that refuses, as in ErrorInfo. It names as many fields as fit."""
    info = error_details_pb2.ErrorInfo(reason=refusal.reason, domain=domain, metadata=refusal.details)
    details: list[Message] = [info]
    if refusal.fields:
        details.append(_violations(refusal.fields))
    if isinstance(refusal, refusals.Exhausted):
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(int(refusal.retry_after * 1000))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    sentence = refusal.sentence.encode()[:LONGEST_SENTENCE].decode(errors="ignore")
    return _status(code_of(refusal), sentence, *details)


def _violations(fields: Mapping[str, str]) -> error_details_pb2.BadRequest:
    told = error_details_pb2.BadRequest()
    for field, what in fields.items():
        told.field_violations.add(field=field[:LONGEST_FIELD], description=what[:LONGEST_FIELD])
        if told.ByteSize() > MOST_DETAILS:
            break
    return told


def of_bug(correlation_id: str, domain: str) -> grpc.Status:
    """What a caller learns of an error that no rule foresaw: nothing but the id under which it is in the log."""
    info = error_details_pb2.ErrorInfo(reason="BUG", domain=domain, metadata={"correlation_id": correlation_id})
    return _status(code_pb2.INTERNAL, f"Something went wrong here; its log has the id {correlation_id}.", info)


def of_deadline(domain: str) -> grpc.Status:
    info = error_details_pb2.ErrorInfo(reason="DEADLINE", domain=domain)
    return _status(code_pb2.DEADLINE_EXCEEDED, "It took longer than the deadline; repeat it with its request_id.", info)


def _status(code: int, sentence: str, *details: Message) -> grpc.Status:
    packed = []
    for detail in details:
        wrapped = any_pb2.Any()
        wrapped.Pack(detail)
        packed.append(wrapped)
    status: grpc.Status = rpc_status.to_status(status_pb2.Status(code=code, message=sentence, details=packed))
    return status
