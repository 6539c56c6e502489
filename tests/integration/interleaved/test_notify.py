"""Subscribers: one address is one subscriber and one yes, with two commands interleaved at every step on two replicas."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import new_id
from tests.support.city import City
from tests.support.interleaving import Command, Replicas, at_every_step, replicas
from tests.support.notify import COORDINATOR, a_mail_server, settings_around, some_neighbours

pytestmark = pytest.mark.timeout(180)


@pytest_asyncio.fixture(scope="module")
async def both(city: City) -> AsyncIterator[Replicas]:
    async with a_mail_server() as mails, some_neighbours() as neighbours:
        # Letters are not looked for: the first transaction after a gate is armed is the command's.
        around = settings_around(mails, neighbours, look_seconds=60)
        async with replicas(city, "notify", **around) as running:
            yield running


async def test_one_address_is_one_subscriber(both: Replicas) -> None:
    emails: list[str] = []

    def subscribing(replica: Any, email: str) -> Command:
        request = {"email": email, "kinds": ["NEWS_KIND_CALENDAR"], "regions": ["114009"], "language": "LANGUAGE_DE"}
        return lambda: replica.call("SubscriberService/Subscribe", request, COORDINATOR)

    async def prepare() -> tuple[Command, Command]:
        emails[:] = [f"{new_id()}@example.org"]
        return subscribing(both.one, emails[0]), subscribing(both.two, emails[0])

    rows = both.one.running.service.store.rows("subscribers")
    counted = await rows.count_documents({})
    async for _ in at_every_step(prepare):
        counted += 1
        assert await rows.count_documents({}) == counted


async def test_an_announcement_is_published_once_or_withdrawn(both: Replicas) -> None:
    ids: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        draft = {
            "region": "114009",
            "regions": ["114009"],
            "texts": [{"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag."}],
        }
        made = await both.one.call("AnnouncementService/CreateAnnouncement", draft, COORDINATOR)
        ids[:] = [made.announcement.id]
        publish = {"announcement_id": ids[0]}
        return (
            lambda: both.one.call("AnnouncementService/PublishAnnouncement", publish, COORDINATOR),
            lambda: both.two.call("AnnouncementService/PublishAnnouncement", publish, COORDINATOR),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 1, outcome
        assert [message.fact for message in await both.one.said(ids[0])] == ["announcement_published"]
