"""What the store is told of what NATS has acknowledged, while the stream is made anew."""

import asyncio
from contextlib import suppress
from typing import Any

from chassis.bus.streams import Found
from chassis.outbox.marks import MARK_AT_ONCE, Marks
from chassis.outbox.published_stream import PublishedStream
from chassis.ports import new_id
from chassis.store import Store
from tests.support.city import City, eventually


class SlowRows:
    """The rows of a store whose first update is slow."""

    def __init__(self, rows: Any) -> None:
        self._rows, self.is_asked, self.may_go_on = rows, asyncio.Event(), asyncio.Event()

    async def update_many(self, *asked: Any) -> Any:
        self.is_asked.set()
        await self.may_go_on.wait()
        return await self._rows.update_many(*asked)


async def test_what_waits_while_a_batch_is_written_is_not_marked_for_a_stream_that_is_made_anew(city: City) -> None:
    store = Store(city.store_uri, f"marks_{new_id()[-12:]}")
    await store.open()
    outbox = store.rows("outbox")
    ids = [new_id() for _ in range(MARK_AT_ONCE + 50)]
    await outbox.insert_many([{"_id": id, "published_at": None} for id in ids])
    here, there = PublishedStream(store, "TOY"), PublishedStream(store, "TOY")
    rows = SlowRows(outbox)
    marks = Marks(rows, here)

    async def nothing() -> None:
        """There is nothing to take back."""

    await here.begin(Found("old", 1), nothing)
    for id in ids:
        marks.add(id)
    writing = asyncio.create_task(marks.run())
    await rows.is_asked.wait()
    # The other replica begins on the new stream; this one hears of it while its first batch is under way.
    await there.begin(Found("new", 0), nothing)
    await here.begin(Found("new", 0), nothing)
    forgetting = asyncio.create_task(marks.forget())
    rows.may_go_on.set()
    await forgetting
    last = new_id()
    await outbox.insert_one({"_id": last, "published_at": None})
    marks.add(last)

    async def is_marked() -> bool:
        return bool(await outbox.find_one({"_id": last, "published_at": {"$ne": None}}))

    await eventually(is_marked)
    assert await outbox.count_documents({"published_at": {"$ne": None}}) == 1
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    await store.close()
