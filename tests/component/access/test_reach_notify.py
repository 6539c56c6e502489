"""notify: the office writes and reads for its regions; what became of letters is for those who run or check the city."""

from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Caller, Role, new_id
from services.notify.entrypoints.access import ACCESS
from tests.support.access import Case, Cell, case, cells, lets_in, refuses, shows_more_inside_alone
from tests.support.city import Started
from tests.support.client import refused
from tests.support.notify import COORDINATOR, OPERATOR

PACKAGE = "kiezwerk.notify.v1"
TEXTS = {"texts": [{"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag ist die Straße gesperrt."}]}


@pytest_asyncio.fixture(scope="module")
async def cases(notify: Started) -> dict[str, Case]:
    address = f"{new_id()}@example.org"
    wish = {"email": address, "language": "LANGUAGE_DE", "kinds": ["NEWS_KIND_ANNOUNCEMENTS"], "regions": ["114009"]}
    await notify.call("SubscriberService/Subscribe", wish, COORDINATOR)
    listed = await notify.call("SubscriberService/ListSubscribers", {"region": "114009"}, OPERATOR)
    rows = notify.running.service.store.rows("notifications")
    letter = await rows.find_one({"region": "114009"})
    published, draft = [await _announcement(notify) for _ in range(2)]
    await notify.call("AnnouncementService/PublishAnnouncement", {"announcement_id": published}, COORDINATOR)
    subscriber, one = {"subscriber_id": listed.subscribers[0].id}, {"announcement_id": draft}
    region = {"region": "114009"}
    return {
        "SubscriberService/Subscribe": case(wish),
        "SubscriberService/GetSubscriber": case(subscriber),
        "SubscriberService/ListSubscribers": case(region),
        "SubscriberService/CountSubscribers": case(region),
        "SubscriberService/EraseSubscriber": case(subscriber),
        "AnnouncementService/CreateAnnouncement": case(region | TEXTS),
        "AnnouncementService/UpdateAnnouncement": case(one | TEXTS),
        "AnnouncementService/ScheduleAnnouncement": case(one | {"publish_at": "2099-01-01T00:00:00Z"}),
        "AnnouncementService/PublishAnnouncement": case(one),
        "AnnouncementService/WithdrawAnnouncement": case(one | {"reason": "abgesagt"}),
        "AnnouncementService/GetAnnouncement": case(one, {"announcement_id": published}),
        "AnnouncementService/ListAnnouncements": case(region),
        "NotificationService/GetNotification": case({"notification_id": letter["_id"]}),
        "NotificationService/ListNotifications": case({"status": "NOTIFICATION_STATUS_DELIVERED"}),
        "NotificationService/CountNotifications": case({}),
    }


async def _announcement(notify: Started) -> Any:
    request = {"region": "114009"} | TEXTS
    return (await notify.call("AnnouncementService/CreateAnnouncement", request, COORDINATOR)).announcement.id


def test_every_rpc_has_its_case(cases: dict[str, Case]) -> None:
    assert set(cases) == set(ACCESS)


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_elsewhere_is_refused(notify: Started, cases: dict[str, Case], cell: Cell) -> None:
    await refuses(notify, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_there_is_let_in(notify: Started, cases: dict[str, Case], cell: Cell) -> None:
    await lets_in(notify, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=True), ids=str)
async def test_what_is_not_public_is_seen_where_the_role_reaches(
    notify: Started, cases: dict[str, Case], cell: Cell
) -> None:
    await shows_more_inside_alone(notify, PACKAGE, cell, cases[cell.rpc], [Caller()])


@pytest.mark.parametrize("rpc", ["SubscriberService/Subscribe", "AnnouncementService/CreateAnnouncement"])
async def test_nobody_speaks_to_a_region_beside_their_own(notify: Started, cases: dict[str, Case], rpc: str) -> None:
    request = cases[rpc].requests[0] | {"regions": ["114009", "01"]}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await notify.call(rpc, request, Role("coordinator", regions=("11",)))
