"""A store of its own for a year, watched: the embedded one has been seen to say nothing to anybody, for minutes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError

from kiezctl.embedded import StoreServer, store_server
from tests.support.city import City

LOOK_SECONDS = 1.0
SILENT_SECONDS = 20


@asynccontextmanager
async def a_watched_store(city: City, name: str) -> AsyncIterator[City]:
    """The city with another store, which is killed and started anew when it says nothing: what it acknowledged is there then."""
    async with store_server(city.folder / f"store-{name}") as server:
        watching = asyncio.create_task(_start_anew_when_silent(server, name))
        try:
            yield replace(city, store_uri=server.uri)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _start_anew_when_silent(server: StoreServer, name: str) -> None:
    client: Any = AsyncIOMotorClient(server.uri, socketTimeoutMS=SILENT_SECONDS * 1_000)
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await client[name]["outbox"].find_one({"published_at": None})
            except PyMongoError as error:
                print(f"the store said nothing for {SILENT_SECONDS} s and is started anew: {error}")  # noqa: T201 - why it took so long
                await server.child.kill()
                await server.child.start()
    finally:
        client.close()
