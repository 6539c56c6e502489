"""Asking another service: own token, a deadline on every call, a defined answer when it is away."""

from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from chassis.refusals import NotFound, Unavailable

R = TypeVar("R", bound=Message)


class Neighbour:
    """One other service by its address (`host:port`), over TLS when a file with the authorities to trust is named.

    The token file is read at each call, so it may be renewed.
    """

    def __init__(self, name: str, address: str, token_file: Path, ca: Path | None) -> None:
        self._name, self._address, self._token_file, self._ca = name, address, token_file, ca
        self._channel: Any = None

    async def call(self, method: str, request: Message, answer: type[R], *, seconds: float, correlation_id: str) -> R:
        """`method` is "/package.Service/Rpc". NotFound when the owner says so, Unavailable for everything else."""
        if self._channel is None:
            self._channel = self._connect()
        invoke = self._channel.unary_unary(
            method, request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
        )
        metadata = (
            ("authorization", f"Bearer {self._token_file.read_text().strip()}"),
            ("kiez-correlation-id", correlation_id),
        )
        try:
            response: R = await invoke(request, timeout=seconds, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                raise NotFound("NEIGHBOUR_KNOWS_NONE", f"{self._name} knows nothing under this id.") from None
            raise Unavailable("NEIGHBOUR_AWAY", f"{self._name} does not answer ({error.code().name}).") from None
        return response

    def _connect(self) -> Any:
        options = [("grpc.enable_retries", 0)]
        if self._ca is None:
            return grpc.aio.insecure_channel(self._address, options=options)
        trusted = grpc.ssl_channel_credentials(self._ca.read_bytes())
        return grpc.aio.secure_channel(self._address, trusted, options=options)

    async def close(self) -> None:
        if self._channel is not None:
            await self._channel.close()
