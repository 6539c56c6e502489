"""What a store said that it had committed before it was killed in the middle of work, and what of it is there afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from chassis.ports import new_id
from kiezctl.child import Child

ENOUGH = 40


async def committed_until_killed(child: Child, uri: str) -> list[str]:
    """The ids of the rows, each written in a transaction of its own, eight at a time."""
    committed: list[str] = []
    enough = asyncio.Event()

    async def write(client: Any) -> None:
        while True:
            id = new_id()
            async with await client.start_session() as session, session.start_transaction():
                await client["killed"]["rows"].insert_one({"_id": id}, session=session)
            committed.append(id)
            if len(committed) == ENOUGH:
                enough.set()

    async with _client(uri) as client:
        writing = [asyncio.create_task(write(client)) for _ in range(8)]
        await asyncio.wait_for(enough.wait(), 20)
        await child.kill()
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
    return committed


async def lost(uri: str, ids: list[str]) -> list[str]:
    """Those of `ids` that are not there."""
    async with _client(uri) as client:
        found = {row["_id"] async for row in client["killed"]["rows"].find({"_id": {"$in": ids}})}
    return [id for id in ids if id not in found]


@asynccontextmanager
async def _client(uri: str) -> AsyncIterator[Any]:
    client: Any = AsyncIOMotorClient(uri, serverSelectionTimeoutMS=1_000)
    yield client
    client.close()
