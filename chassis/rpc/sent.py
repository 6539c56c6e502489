"""Who sends a call, and its request, which a client may begin and never send: our handlers start with the call and read it themselves, in time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import grpc

from chassis.refusals import Invalid

SENDING_SECONDS = 10.0
Read = Callable[[], Awaitable[Any]]


async def one_request(read: Read) -> bytes:
    """The bytes of the one request of a call; Invalid when they do not come."""
    try:
        async with asyncio.timeout(SENDING_SECONDS):
            data = await read()
    except TimeoutError:
        raise Invalid("REQUEST_TOO_SLOW", "The request did not come; send it again.") from None
    if data is grpc.aio.EOF:
        raise Invalid("UNREADABLE_REQUEST", "The call ended without a request.")
    return bytes(data)


def address_of(context: Any) -> str:
    """The peer's IP address: `ipv4:10.0.0.1:50001` and `ipv6:%5B::1%5D:50001` without kind and port."""
    kind, _, place = context.peer().partition(":")
    host: str = unquote(place).rpartition(":")[0].strip("[]")
    return host if kind.startswith("ip") else ""
