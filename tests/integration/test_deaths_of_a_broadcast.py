"""notify dies in the middle of a broadcast, behind the writes of a batch and between two of them: each follower has one letter queued."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from chassis.ports import new_id
from chassis.runtime import Service
from chassis.store import StoreTransaction
from kiezctl.embedded import store_server
from services.notify import app
from services.notify.domain.notification import News
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.settings import NotifySettings
from tests.support.city import City, a_quiet_city
from tests.support.forked import START_SECONDS, Forked
from tests.support.notify import MailServer, Neighbours, a_confirmed_subscriber, a_subscription, settings_around
from tests.support.proxy import Proxy, a_proxy

pytestmark = pytest.mark.timeout(180)
# News about the first place: those who follow both are found twice, by it and by the place around it.
PLACES = ("0610", "06")
FOLLOWERS = (PLACES, PLACES[:1], PLACES[1:]) * 6
SESSION = b"\x05id\x00\x10\x00\x00\x00\x04"
# Nobody takes letters, and nobody is asked for addresses.
AROUND = settings_around(MailServer(port=1), Neighbours(port=1))


def _behind_the_writes() -> Callable[[bytes], bool]:
    return lambda piece: b"bulkWrite" in piece and b".broadcasts" in piece


def _behind_the_commit() -> Callable[[bytes], bool]:
    """Of the first batch: known by its session, for letters are written beside it."""
    writes, sessions = _behind_the_writes(), set()

    def is_it(piece: bytes) -> bool:
        session = piece.partition(SESSION)[2][:16]
        if writes(piece):
            sessions.add(session)
        return b"commitTransaction" in piece and session in sessions

    return is_it


async def _a_broadcast(notify: Service) -> list[str]:
    """Begun, with nobody written to yet; answers who is to be."""
    await notify.store.open()
    do = notify.jobs[0].__self__._do  # type: ignore[attr-defined]  # a bound method of the sender
    followers = [a_confirmed_subscriber(id=new_id(), subscriptions=(a_subscription(*places),)) for places in FOLLOWERS]
    closes_at = notify.store.clock.now().isoformat()
    about = {"fund_name": "Kiezfonds", "round_name": "1. Runde", "closes_at": closes_at}
    news = News(new_id(), PLACES[0], Template.ROUND_OPENED, notify.store.clock.now(), about)

    async def begin(tx: StoreTransaction) -> None:
        for one in followers:
            await do.broadcasts._subscribers.add(tx, one)
        await do.letters.write_to_followers(tx, NewsKind.ROUNDS, PLACES[:1], news)

    await notify.store.transact(begin)
    return [one.id for one in followers]


async def _dies(forked: Forked, proxy: Proxy, behind: Callable[[bytes], bool], admin: Any) -> None:
    proxy.cut_behind = behind
    living = asyncio.create_task(forked.start())
    # What reached the store behind the end of its sessions stands in the next one's way for a minute.
    async with asyncio.timeout(START_SECONDS + 60):
        await proxy.was_cut.wait()
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living
    await asyncio.to_thread(forked.kill)
    await proxy.heal()
    # What the dead one had begun stands in everybody's way until the store gives it up.
    await admin.command({"killAllSessions": []})


async def test_a_broadcast_whose_process_dies_again_and_again_reaches_each_follower_once(city: City) -> None:
    name = f"notify_{new_id()[-12:]}"
    async with (
        a_quiet_city(city) as quiet,
        store_server(city.folder / name) as server,
        a_proxy(urlsplit(server.uri).port or 0) as proxy,
    ):
        settings: Any = quiet.settings(NotifySettings, name, store_uri=server.uri, **AROUND)
        notify = app.build(settings)
        followers = await _a_broadcast(notify)
        uri = server.uri.replace(f":{proxy.target}", f":{proxy.port}")
        env = {f"NOTIFY_{field.upper()}": str(value) for field, value in AROUND.items()}
        forked = Forked(quiet, "notify", name, **env | {"NOTIFY_STORE_URI": uri})
        broadcasts, letters = notify.store.rows("broadcasts"), notify.store.rows("notifications")
        client: Any = AsyncIOMotorClient(server.uri)
        deaths = 0
        while await broadcasts.find_one({"running": True}):
            await _dies(forked, proxy, _behind_the_writes(), client.admin)
            await _dies(forked, proxy, _behind_the_commit(), client.admin)
            assert (await broadcasts.find_one({}))["queued"] == await letters.count_documents({})
            deaths += 2
        # What became of a letter afterwards is another matter: of these persons nobody knows an address.
        found = Counter([row["recipient"]["ref"] async for row in letters.find({})])
        assert found == Counter(followers)
        assert deaths > 10
        client.close()
        await notify.store.close()
