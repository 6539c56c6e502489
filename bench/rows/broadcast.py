"""A message to 10,000 followers, queued a letter each, against one bulk insert of the same rows."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.measure import Row, in_turns
from bench.rig import Sizes, same_indexes
from chassis.clock import machine_now
from chassis.ports import new_id
from chassis.store import Store
from services.notify.adapters.mongo.broadcast import MongoBroadcasts
from services.notify.adapters.mongo.notification import MongoNotifications
from services.notify.adapters.mongo.subscriber import MongoSubscribers
from services.notify.domain.broadcast import Broadcast
from services.notify.domain.subscription import NewsKind
from services.notify.usecases.broadcast import BroadcastUseCases
from tests.support.city import City
from tests.support.notify import a_confirmed_subscriber, a_piece_of_news

REGION = "114009"
# NOTIFY_BATCH as it is when nobody sets it.
BATCH = 500


async def rows(city: City, sizes: Sizes) -> list[Row]:
    count = 10_000 if sizes.rounds > 1 else 50
    store = Store(city.store_uri, "notify_bench")
    subscribers, broadcasts, notifications = MongoSubscribers(store), MongoBroadcasts(store), MongoNotifications(store)
    bare = store.rows("raw_notifications")
    do = BroadcastUseCases(broadcasts, subscribers, notifications, machine_now, BATCH)
    await store.open()
    await same_indexes(store.rows("notifications"), bare)
    followers = [subscribers._to_document(_follower()) | {"version": 1, "_seq": 0} for _ in range(count)]
    for start in range(0, count, BATCH):
        await store.rows("subscribers").insert_many(followers[start : start + BATCH])

    async def product() -> float:
        broadcast = _broadcast()
        await store.transact(lambda tx: broadcasts.add(tx, broadcast))
        began = time.perf_counter()
        while not (await broadcasts.get(broadcast.id)).is_done:
            await store.transact(lambda tx: do.carry_on_broadcast(tx, broadcast.id), locks=(broadcast.id,))
        seconds = time.perf_counter() - began
        queued = await notifications.count({"cause": broadcast.news.cause})
        if queued != count:
            raise AssertionError(f"{queued} of {count} letters are queued")
        return count / seconds

    async def raw() -> float:
        letters = await store.rows("notifications").find({}).limit(count).to_list(count) or followers
        return await _inserted(bare, letters)

    try:
        return [Row(f"{count:,} letters queued", "letters/s", *await in_turns(product, raw, 3), goal=0.3)]
    finally:
        await store.close()


async def _inserted(collection: Any, rows: list[dict[str, Any]]) -> float:
    made = [row | {"_id": new_id()} for row in rows]
    began = time.perf_counter()
    await collection.insert_many(made, ordered=False)
    return len(made) / (time.perf_counter() - began)


def _broadcast() -> Broadcast:
    news = replace(a_piece_of_news(), cause=new_id())
    return Broadcast.start(NewsKind.AWARDS, (REGION,), news, datetime.now(UTC))


def _follower() -> Any:
    return replace(a_confirmed_subscriber(), id=new_id(), person_ref=new_id())
