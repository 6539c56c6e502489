"""What a system still has to do before it can be counted."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import nats
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.faults.evidence import SERVICES, Places

# Who hears whom, each through one durable.
DURABLES = {
    "ACTORS": ("funds-actors", "events-actors"),
    "FUNDS": ("events-funds", "notify-funds"),
    "EVENTS": ("notify-events",),
}


async def unsettled(places: Places) -> list[str]:
    """What the system still has to do: facts to say, messages to hear, letters to send; an empty list when nothing."""
    try:
        waiting = [
            sentence
            for name in SERVICES
            for sentence in await asyncio.to_thread(_unsettled_rows, places.stores[name], name)
        ]
        return waiting + await _unheard(places)
    except (PyMongoError, NatsError, OSError, TimeoutError) as error:
        return [f"{type(error).__name__}: {error}"[:200]]


def _unsettled_rows(uri: str, name: str) -> list[str]:
    with MongoClient[dict[str, Any]](uri, tz_aware=True, serverSelectionTimeoutMS=2000, socketTimeoutMS=5000) as client:
        store = client[name]
        found = [f"{name} has {n} facts to say" for n in [store["outbox"].count_documents({"published_at": None})] if n]
        offset = next(iter(store["clock"].find()), {"milliseconds": 0})["milliseconds"]
        calendar = datetime.now(UTC) + timedelta(milliseconds=offset)
        found += [
            f"{name} has {row['_id']} due since {row['due']}" for row in store["timers"].find() if row["due"] < calendar
        ]
        if name == "notify":
            for status in ("queued", "sending"):
                for row in store["notifications"].find({"status": status}).limit(50):
                    wait = (row["due_at"] - datetime.now(UTC)).total_seconds()
                    found.append(f"letter {row['_id']} ({row['template']}) is {status}, due in {wait:.0f} s")
            found += [f"broadcast {row['_id']} runs" for row in store["broadcasts"].find() if row["keys"]]
        return found


async def _unheard(places: Places) -> list[str]:
    how = {"connect_timeout": 2, "max_reconnect_attempts": 1, "allow_reconnect": False, **places.login}
    client = await nats.connect(places.nats, **how)
    try:
        js = client.jetstream(timeout=3)
        return [sentence for service in SERVICES for sentence in await _unheard_of(js, service.upper())]
    finally:
        await client.close()


async def _unheard_of(js: JetStreamContext, stream: str) -> list[str]:
    try:
        consumers = await js.consumers_info(stream)
    except NotFoundError:
        return [f"there is no stream {stream}"]
    durables = [info for info in consumers if info.config.durable_name]
    gone = set(DURABLES.get(stream, ())) - {info.name for info in durables}
    return [f"{name} is gone" for name in gone] + [
        f"{info.name} has {info.num_pending} to hear and {info.num_ack_pending} in hand"
        for info in durables
        if info.num_pending or info.num_ack_pending
    ]
