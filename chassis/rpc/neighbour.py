"""Asking another service: own token, a deadline on every call, a defined answer when it is away."""

import asyncio
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from chassis import tracing
from chassis.ports import Trail
from chassis.refusals import NotFound, Unavailable

R = TypeVar("R", bound=Message)

# No call of ours takes longer.
LEAVE_SECONDS = 10.0
# An answer, and the channel's state then, after which it is of no use. Who is connected and says nothing may be frozen, and
# gRPC stays with it for as long as TCP does. After a refused connection it waits, up to two minutes, before it tries again.
# What is still connecting goes on with it: it takes the first address that answers.
BROKEN = {
    grpc.StatusCode.DEADLINE_EXCEEDED: grpc.ChannelConnectivity.READY,
    grpc.StatusCode.UNAVAILABLE: grpc.ChannelConnectivity.TRANSIENT_FAILURE,
}


class Neighbour:
    """One other service by its address (`host:port`), over TLS when a file with the authorities to trust is named.

    The token file is read at each call, so it may be renewed.
    """

    def __init__(self, name: str, address: str, token_file: Path, ca: Path | None) -> None:
        self._name, self._address, self._token_file, self._ca = name, address, token_file, ca
        self._channel: Any = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def call(self, method: str, request: Message, answer: type[R], *, seconds: float, trail: Trail) -> R:
        """`method` is "/package.Service/Rpc". NotFound when the owner says so, Unavailable for everything else."""
        channel = self._channel = self._channel or self._connect()
        invoke = channel.unary_unary(
            method, request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
        )
        rpc = method.removeprefix("/")
        about = {"rpc.system.name": "grpc", "rpc.method": rpc, "server.address": self._address.rpartition(":")[0]}
        with tracing.span(rpc, tracing.Kind.CLIENT, about, parent=trail.traceparent) as span:
            try:
                response: R = await invoke(request, timeout=seconds, metadata=self._metadata(trail, span))
            except grpc.aio.AioRpcError as error:
                span.note({"rpc.response.status_code": error.code().name})
                if channel is self._channel and channel.get_state() is BROKEN.get(error.code()):
                    self._leave(channel)
                if error.code() is grpc.StatusCode.NOT_FOUND:
                    raise NotFound("NEIGHBOUR_KNOWS_NONE", f"{self._name} knows nothing under this id.") from None
                raise Unavailable("NEIGHBOUR_AWAY", f"{self._name} does not answer ({error.code().name}).") from None
            span.note({"rpc.response.status_code": "OK"})
            return response

    def _metadata(self, trail: Trail, span: tracing.Span) -> tuple[tuple[str, str], ...]:
        said = (
            ("authorization", f"Bearer {self._read(self._token_file).decode().strip()}"),
            ("kiez-correlation-id", trail.correlation_id),
        )
        return (*said, ("traceparent", span.traceparent)) if span.traceparent else said

    def _connect(self) -> Any:
        # Channels to one address would else share a connection, and a new one have that which the last was left for.
        options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
        if self._ca is None:
            return grpc.aio.insecure_channel(self._address, options=options)
        trusted = grpc.ssl_channel_credentials(self._read(self._ca))
        return grpc.aio.secure_channel(self._address, trusted, options=options)

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            told = f"{self._name} cannot be asked: {file.name}, which this service needs for it, cannot be read."
            raise Unavailable("OWN_FILE_UNREADABLE", told) from error

    def _leave(self, channel: Any) -> None:
        """The next call connects anew; those under way on this channel may end."""
        self._channel = None
        leaving = asyncio.create_task(channel.close(LEAVE_SECONDS))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        if self._channel is not None:
            await self._channel.close()
        await asyncio.gather(*self._leaving)
