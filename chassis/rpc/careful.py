"""Health and reflection come from libraries that limit nothing, and end in UNKNOWN on bytes that are no message: here they do not."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from chassis.limits import Limits
from chassis.refusals import Invalid, Refusal
from chassis.rpc import status
from chassis.rpc.sent import address_of, one_request

DOMAIN = "grpc"


class Careful:
    """Stands for the server where a library registers its methods."""

    def __init__(self, server: Any, limits: Limits) -> None:
        self._server, self._limits = server, limits

    def add_generic_rpc_handlers(self, handlers: Iterable[Any]) -> None:
        """Nothing: the same methods come by their names, too."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        reading = {name: self._reading(handler) for name, handler in handlers.items()}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, reading),))

    def _reading(self, handler: Any) -> Any:
        """The same handler, which reads and parses for itself, and is limited."""
        parse, write = handler.request_deserializer, handler.response_serializer
        if handler.request_streaming:
            return grpc.stream_stream_rpc_method_handler(self._streaming(handler.stream_stream, parse), None, write)
        if handler.response_streaming:
            watch = self._answering(handler.unary_stream, parse, is_long=True)
            return grpc.stream_stream_rpc_method_handler(watch, None, write)
        return grpc.stream_unary_rpc_method_handler(self._answering(handler.unary_unary, parse), None, write)

    def _answering(self, handle: Any, parse: Callable[[bytes], Any], *, is_long: bool = False) -> Any:
        async def answer(_: Any, context: Any) -> Any:
            address = address_of(context)
            try:
                self._limits.probe(address)
                with self._limits.probing(address):
                    request = _parsed(parse, await one_request(context.read))
                with self._limits.streaming(address) if is_long else nullcontext():
                    return await handle(request, context)
            except Refusal as refusal:
                await context.abort_with_status(status.of_refusal(refusal, DOMAIN))

        return answer

    def _streaming(self, handle: Callable[[Any, Any], AsyncIterator[Any]], parse: Callable[[bytes], Any]) -> Any:
        async def answer(_: Any, context: Any) -> AsyncIterator[Any]:
            address = address_of(context)

            async def parsed() -> AsyncIterator[Any]:
                while (data := await context.read()) is not grpc.aio.EOF:
                    self._limits.probe(address)
                    yield _parsed(parse, data)

            try:
                with self._limits.streaming(address):
                    async for response in handle(parsed(), context):
                        yield response
            except Refusal as refusal:
                await context.abort_with_status(status.of_refusal(refusal, DOMAIN))

        return answer


def _parsed(parse: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return parse(data)
    except (DecodeError, UnicodeDecodeError):
        raise Invalid("UNREADABLE_REQUEST", "The bytes are no such message.") from None
