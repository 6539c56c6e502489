"""What MongoDB's protocol and Motor do that we work around: each test fails when it is no longer so."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure

from chassis.ports import new_id
from kiezctl.child import Child
from kiezctl.embedded import leash, store_program, store_server, store_uri
from kiezctl.strip import free_port
from tests.support.city import City
from tests.support.hazard import still
from tests.support.killed_store import committed_until_killed, lost

WRITE_CONFLICT = 112


@pytest.fixture
def client(city: City) -> Iterator[Any]:
    opened: Any = AsyncIOMotorClient(city.store_uri)
    yield opened
    opened.close()


@pytest.fixture
def rows(client: Any) -> Any:
    return client["hazards"][f"rows_{new_id()[-12:]}"]


async def test_still_two_transactions_may_each_write_what_the_other_read(client: Any, rows: Any) -> None:
    await rows.insert_many([{"_id": "a", "on_call": True}, {"_id": "b", "on_call": True}])

    async def leave(session: Any, me: str, other: str) -> None:
        # The guard holds when it is looked at: the other one is still there.
        assert (await rows.find_one({"_id": other}, session=session))["on_call"]
        await rows.update_one({"_id": me}, {"$set": {"on_call": False}}, session=session)

    async with await client.start_session() as first, await client.start_session() as second:
        first.start_transaction()
        second.start_transaction()
        await leave(first, "a", "b")
        await leave(second, "b", "a")
        await first.commit_transaction()
        await second.commit_transaction()
    still(await rows.count_documents({"on_call": True}) == 0, "`hold`")


async def test_still_reading_on_from_the_last_id_loses_what_commits_late(client: Any, rows: Any) -> None:
    await rows.insert_one({"_id": 0})
    async with await client.start_session() as slow:
        slow.start_transaction()
        await rows.insert_one({"_id": 1}, session=slow)
        await rows.insert_one({"_id": 2})
        last = max([row["_id"] async for row in rows.find({"_id": {"$gt": 0}})])
        await slow.commit_transaction()
    later = [row["_id"] async for row in rows.find({"_id": {"$gt": last}})]
    still(1 not in later and await rows.find_one({"_id": 1}), "sweeping for what is unpublished")


async def test_still_what_a_dead_client_had_begun_keeps_others_from_writing(city: City, client: Any, rows: Any) -> None:
    await rows.insert_one({"_id": "pot", "cents": 1})
    dead: Any = AsyncIOMotorClient(city.store_uri)
    session = await dead.start_session()
    session.start_transaction()
    other = dead["hazards"][rows.name]
    await other.update_one({"_id": "pot"}, {"$inc": {"cents": 1}}, session=session)
    identity = session.session_id
    # Its connections break, and nobody says goodbye for it.
    session.delegate._server_session = None
    dead.close()
    async with await client.start_session() as second:
        second.start_transaction()
        with pytest.raises(OperationFailure) as refused:
            await rows.update_one({"_id": "pot"}, {"$inc": {"cents": 1}}, session=second)
        await second.abort_transaction()
    await client.admin.command({"killSessions": [identity]})
    still(refused.value.code == WRITE_CONFLICT, "MongoDB's limit of 10 s for a transaction")


async def test_still_a_cancelled_transaction_may_have_been_committed(client: Any, rows: Any) -> None:
    await rows.insert_one({"_id": "first"})

    async def write(id: str) -> None:
        async with await client.start_session() as session, session.start_transaction():
            await rows.insert_one({"_id": id}, session=session)

    begun = time.monotonic()
    await write("measured")
    whole = time.monotonic() - begun

    async def is_there_though_cancelled(number: int) -> bool:
        task = asyncio.create_task(write(str(number)))
        # A different moment each time, up to a little longer than it takes as a whole.
        await asyncio.wait((task,), timeout=whole * 1.2 * (number % 40) / 40)
        task.cancel()
        cancelled = isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
        return cancelled and await rows.find_one({"_id": str(number)}) is not None

    found = False
    for number in range(400):
        if found := await is_there_though_cancelled(number):
            break
    still(found, "the shielded transaction")


async def test_still_writers_of_one_document_make_each_other_begin_anew(client: Any, rows: Any) -> None:
    await rows.insert_one({"_id": "pot", "cents": 0})
    writers, attempts = 5, 0
    all_have_read = asyncio.Barrier(writers)

    async def write() -> None:
        first = True

        async def work(session: Any) -> None:
            nonlocal attempts, first
            attempts += 1
            await rows.find_one({"_id": "pot"}, session=session)
            if first:
                first = False
                await all_have_read.wait()
            await rows.update_one({"_id": "pot"}, {"$inc": {"cents": 1}}, session=session)

        async with await client.start_session() as session:
            await session.with_transaction(work)

    await asyncio.gather(*(write() for _ in range(writers)))
    assert (await rows.find_one({"_id": "pot"}))["cents"] == writers
    # Each but the first meets at least the one before it.
    still(attempts >= 2 * writers - 1, "the FIFO lock for each aggregate")


async def test_still_a_sort_with_a_limit_reads_every_match(tmp_path: Path) -> None:
    # The embedded server's alone: MongoDB reads the first ones by the index of `_id`.
    async with store_server(tmp_path / "store") as server:
        embedded: Any = AsyncIOMotorClient(server.uri)
        rows = embedded["hazards"]["rows"]
        await rows.insert_many([{"_id": number} for number in range(50)])
        plan = await rows.find().sort("_id", 1).limit(5).explain()
        embedded.close()
    still(plan["executionStats"]["totalDocsExamined"] == 50, "queries with few matches")


async def test_still_the_embedded_server_announces_a_replica_set(tmp_path: Path) -> None:
    async with store_server(tmp_path / "store") as server:
        embedded: Any = AsyncIOMotorClient(server.uri)
        hello = await embedded.admin.command("hello")
        embedded.close()
    still(hello.get("setName"), "directConnection=true")


async def test_still_a_store_that_does_not_sync_loses_what_it_acknowledged_when_killed(tmp_path: Path) -> None:
    port = free_port()
    program = store_program(tmp_path / "store", port)
    careless = replace(program, command=tuple(part for part in program.command if part != "--sync-on-commit"))
    missing: list[str] = []
    with leash() as held:
        child = Child(careless, held)
        await child.start()
        # About nine kills of ten lose some.
        for _ in range(10):
            committed = await committed_until_killed(child, store_uri(port))
            await child.start()
            missing = await lost(store_uri(port), committed)
            if missing:
                break
        await child.kill()
    still(missing, "`--sync-on-commit`")
