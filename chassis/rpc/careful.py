"""Health and reflection come from libraries whose handlers end in UNKNOWN on bytes that are no message: here they refuse."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from chassis.refusals import Invalid
from chassis.rpc import status

DOMAIN = "grpc"


class Careful:
    """Stands for the server where a library registers its methods."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def add_generic_rpc_handlers(self, handlers: Iterable[Any]) -> None:
        """Nothing: the same methods come by their names, too."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        reading = {name: _reading(handler) for name, handler in handlers.items()}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, reading),))


def _reading(handler: Any) -> Any:
    """The same handler, which parses for itself."""
    parse, write = handler.request_deserializer, handler.response_serializer
    if handler.request_streaming:
        return grpc.stream_stream_rpc_method_handler(_streaming(handler.stream_stream, parse), None, write)
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(_answering(handler.unary_stream, parse), None, write)
    return grpc.unary_unary_rpc_method_handler(_answering(handler.unary_unary, parse), None, write)


def _answering(handle: Callable[[Any, Any], Any], parse: Callable[[bytes], Any]) -> Any:
    async def answer(data: bytes, context: Any) -> Any:
        return await handle(await _parsed(parse, data, context), context)

    return answer


def _streaming(handle: Callable[[Any, Any], AsyncIterator[Any]], parse: Callable[[bytes], Any]) -> Any:
    async def answer(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[Any]:
        async def parsed() -> AsyncIterator[Any]:
            async for data in requests:
                yield await _parsed(parse, data, context)

        async for response in handle(parsed(), context):
            yield response

    return answer


async def _parsed(parse: Callable[[bytes], Any], data: bytes, context: Any) -> Any:
    try:
        return parse(data)
    except (DecodeError, UnicodeDecodeError):
        refused = status.of_refusal(Invalid("UNREADABLE_REQUEST", "The bytes are no such message."), DOMAIN)
        await context.abort_with_status(refused)
