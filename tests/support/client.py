"""A gRPC client for tests: any rpc by name, requests as dictionaries, refusals as exceptions that can be read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import grpc
import pytest
from google.protobuf.descriptor_pool import Default as default_pool  # noqa: N813 - a function in all but its case
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from chassis import logs
from chassis.ports import new_id
from chassis.refusals import Refusal
from chassis.rpc.api import load_stubs

T = TypeVar("T")
# What a caller is told of a store that is silent for a few seconds.
SILENT = frozenset({"STORE_AWAY", "OUTCOME_UNKNOWN"})
PAUSE_SECONDS = 0.1
INSISTENCE = 20


class Refused(Exception):
    """A call that did not answer OK."""

    def __init__(self, code: str, reason: str, sentence: str, fields: dict[str, str], details: dict[str, str]) -> None:
        super().__init__(f"{code} {reason}: {sentence} {fields}")
        self.code, self.reason, self.sentence, self.fields, self.details = code, reason, sentence, fields, details


@contextmanager
def refused(reason: str, code: str = "", field: str = "") -> Iterator[None]:
    """The block's call is refused with this reason (and code, and in this field)."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.reason == reason, caught.value
    assert not code or caught.value.code == code, caught.value
    assert not field or field in caught.value.fields, caught.value


async def insisting(call: Callable[[], Awaitable[T]]) -> T:
    """What the call comes to, made again while it is BUSY: then it has written nothing, and others were only faster."""
    for _ in range(INSISTENCE):
        try:
            return await call()
        except (Refused, Refusal) as refusal:
            if refusal.reason != "BUSY":
                raise
    return await call()


class Client:
    """Calls one service; rpcs of its own package may be named without it."""

    # How often any client asks a call again that met a silent store, with its `request_id`.
    store_patience = 0

    def __init__(self, address: str, service: str) -> None:
        self._package = f"kiezwerk.{service}.v1"
        self.channel = grpc.aio.insecure_channel(address)
        self.sequences: dict[str, int] = {}
        self.seconds = 15.0
        # How often a call is asked again, with its `request_id`, that was told UNAVAILABLE, or took too long; as every caller may.
        self.patience = 0
        self.repeated = 0

    async def call(
        self, rpc: str, fields: dict[str, Any], *, token: str = "", metadata: dict[str, str], seconds: float = 0.0
    ) -> Any:
        """The response message, within `seconds` or the usual ones; a `request_id` is made up where the request has one and none is given."""
        service, _, method = rpc.rpartition("/")
        full = service if service.startswith("kiezwerk.") else f"{self._package}.{service}"
        request_type, response_type = message_types(full, method)
        request = ParseDict(fields, request_type())
        if "request_id" in request_type.DESCRIPTOR.fields_by_name and "request_id" not in fields:
            request.request_id = new_id()  # type: ignore[attr-defined]
        path, data = f"/{full}/{method}", request.SerializeToString()
        patience, store_patience = self.patience, self.store_patience
        while True:
            try:
                return await self.call_bytes(path, data, response_type, token, metadata, seconds)
            except Refused as refusal:
                if patience and refusal.code in {"UNAVAILABLE", "DEADLINE_EXCEEDED"}:
                    patience -= 1
                    self.repeated += 1
                elif store_patience and refusal.reason in SILENT:
                    store_patience -= 1
                    await asyncio.sleep(PAUSE_SECONDS)
                else:
                    raise

    async def call_bytes(
        self, path: str, data: bytes, answer: type[Message], token: str, metadata: dict[str, str], seconds: float = 0.0
    ) -> Any:
        headers = [
            (key.replace("_", "-"), value)
            for key, value in ({"kiez_correlation_id": logs.correlation_id()} | metadata).items()
        ]
        headers += [("authorization", f"Bearer {token}")] if token else []
        invoke: Any = self.channel.unary_unary(path, response_deserializer=answer.FromString)
        call = invoke(data, timeout=seconds or self.seconds, metadata=headers)
        try:
            response = await call
            for key, value in await call.trailing_metadata():
                if key == "kiez-seq" and value:
                    parts = (part.partition("=") for part in str(value).split(","))
                    self.sequences |= {aggregate: int(sequence) for aggregate, _, sequence in parts}
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from None
        return response


_METHODS: dict[str, Any] = {}


def message_type(name: str) -> type[Message]:
    """A message class by its full name, once its service was called or its stubs were loaded."""
    return GetMessageClass(default_pool().FindMessageTypeByName(name))


def message_types(service: str, method: str) -> tuple[type[Message], type[Message]]:
    if service not in _METHODS:
        load_stubs(service.rpartition(".")[0])
        _METHODS[service] = default_pool().FindServiceByName(service)
    found = _METHODS[service].methods_by_name[method]
    return GetMessageClass(found.input_type), GetMessageClass(found.output_type)


def _refused(error: grpc.aio.AioRpcError) -> Refused:
    reason, fields, details = "", {}, {}
    status = rpc_status.from_call(cast(Any, error))
    for detail in status.details if status else ():
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason, details = info.reason, dict(info.metadata)
        elif detail.Unpack(bad):
            fields = {violation.field: violation.description for violation in bad.field_violations}
    return Refused(error.code().name, reason, error.details() or "", fields, details)
