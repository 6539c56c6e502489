"""Bare servers, a process each: `python -m bench.raw read|transaction PORT URI DATABASE COLLECTION|FILE`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import uvloop
from motor.motor_asyncio import AsyncIOMotorClient

from bench import recording

Handler = Callable[[bytes, Any], Awaitable[bytes]]


def _read(database: Any, collection: str) -> Handler:
    async def find(request: bytes, _: Any) -> bytes:
        document = await database[collection].find_one({"_id": request.decode()})
        return str(document["_id"]).encode()

    return find


def _transaction(client: Any, database: Any, text: str) -> Handler:
    ready: list[list[dict[str, Any]]] = []

    async def handle(request: bytes, _: Any) -> bytes:
        if request:
            # A number asks to make so many transactions ready; nothing carries out one of them.
            for _ in range(int(request)):
                ready.append(recording.again(text))
                await recording.prepare(database, ready[-1])
        else:
            await recording.transact(client, database, ready.pop())
        return b""

    return handle


async def main(what: str, port: str, uri: str, name: str, given: str) -> None:
    """`given` is the collection to read, or the recorded transaction in JSON."""
    client: Any = AsyncIOMotorClient(uri, tz_aware=True)
    database = client[name]
    handler = _read(database, given) if what == "read" else _transaction(client, database, given)
    server = grpc.aio.server()
    method: Any = grpc.unary_unary_rpc_method_handler(handler)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("raw", {what: method}),))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    what, port, uri, name, given = sys.argv[1:]
    asyncio.run(main(what, port, uri, name, given if what == "read" else Path(given).read_text(encoding="utf-8")))
