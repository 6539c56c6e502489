"""Announcements over gRPC, on the page, in the feed and by mail."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from chassis.ports import Role
from kiezwerk.notify.v1.announcement_pb2 import AnnouncementStatus
from tests.support.city import Started
from tests.support.client import refused
from tests.support.notify import COORDINATOR, MailServer, a_follower, plain, visit

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def a_draft(**fields: Any) -> dict[str, Any]:
    return {
        "region": "114009",
        "texts": [
            {"language": "LANGUAGE_DE", "title": "Sperrung <heute>", "body": "Bitte umfahren.\n\nDanke & Gruß"},
            {"language": "LANGUAGE_EN", "title": "Closed", "body": "Please go around."},
        ],
        "topics": ["verkehr"],
        "links": [{"title": "Karte", "url": "https://example.org/karte"}],
    } | fields


async def write(notify: Started, **fields: Any) -> Any:
    answer = await notify.call("AnnouncementService/CreateAnnouncement", a_draft(**fields), COORDINATOR, sub="office-1")
    return answer.announcement


async def listed(notify: Started, region: str, caller: Role, **fields: Any) -> list[tuple[str, str]]:
    """Ids and authors."""
    request = {"region": region, "page_size": 500, **fields}
    answer = await notify.call("AnnouncementService/ListAnnouncements", request, caller)
    return [(one.id, one.author) for one in answer.announcements]


async def publish(notify: Started, id: str) -> Any:
    answer = await notify.call("AnnouncementService/PublishAnnouncement", {"announcement_id": id}, COORDINATOR)
    return answer.announcement


async def test_a_published_announcement_is_mailed_shown_fed_and_said(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "114009", lang="en")
    draft = await write(notify)
    with refused("ANNOUNCEMENT_NOT_FOUND", "NOT_FOUND"):
        await notify.call("AnnouncementService/GetAnnouncement", {"announcement_id": draft.id})
    assert (await visit(notify, f"/announcements/{draft.id}")).status_code == 404
    await publish(notify, draft.id)
    mail = await mails.mail_to(email, about="Closed")
    assert "Please go around." in plain(mail)
    (said,) = await notify.published(draft.id)
    assert said.subject == "kiez.pub.notify.v1.announcement_published.11.1140.114009.0"
    assert "office-1" not in str(said)
    shown = await notify.call("AnnouncementService/GetAnnouncement", {"announcement_id": draft.id})
    assert (shown.announcement.author, shown.announcement.texts[1].title) == ("", "Closed")
    page = (await visit(notify, f"/announcements/{draft.id}?lang=de")).text
    assert "Sperrung &lt;heute&gt;" in page
    assert "Danke &amp; Gruß" in page
    feed = ET.fromstring((await visit(notify, "/announcements.atom?region=11&lang=de")).text)
    titles = [entry.findtext("a:title", "", ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert "Sperrung <heute>" in titles
    for region, there in (("00", True), ("11", True), ("114009", True), ("12", False)):
        listed = await notify.call("AnnouncementService/ListAnnouncements", {"region": region})
        assert (draft.id in [a.id for a in listed.announcements]) is there
        assert (draft.id in (await visit(notify, f"/announcements?region={region}")).text) is there


async def test_an_announcement_is_published_by_the_clock_and_not_shown_after_its_end(notify: Started) -> None:
    now = await notify.now()
    draft = await write(notify, until=_stamp(now + timedelta(days=3)))
    await notify.call(
        "AnnouncementService/ScheduleAnnouncement",
        {"announcement_id": draft.id, "publish_at": _stamp(now + timedelta(days=1))},
        COORDINATOR,
    )
    assert await notify.said(draft.id) == []
    await notify.move_clock(now + timedelta(days=1))
    assert [m.fact for m in await notify.said(draft.id)] == ["announcement_published"]
    assert (await visit(notify, f"/announcements/{draft.id}")).status_code == 200
    await notify.move_clock(now + timedelta(days=3))
    assert (await visit(notify, f"/announcements/{draft.id}")).status_code == 404
    listed = await notify.call("AnnouncementService/ListAnnouncements", {"region": "114009"})
    assert draft.id not in [a.id for a in listed.announcements]


async def test_what_ended_before_it_could_be_published_is_withdrawn_unsaid(notify: Started) -> None:
    now = await notify.now()
    draft = await write(notify, until=_stamp(now + timedelta(days=2)))
    request = {"announcement_id": draft.id, "publish_at": _stamp(now + timedelta(days=1))}
    await notify.call("AnnouncementService/ScheduleAnnouncement", request, COORDINATOR)
    # As it is after an outage: the first look at the clock is behind both.
    await notify.move_clock(now + timedelta(days=2))
    answer = await notify.call("AnnouncementService/GetAnnouncement", {"announcement_id": draft.id}, COORDINATOR)
    lapsed = answer.announcement
    assert AnnouncementStatus.Name(lapsed.status) == "ANNOUNCEMENT_STATUS_WITHDRAWN"
    assert lapsed.withdrawn_reason == "ENDED_UNPUBLISHED"
    assert await notify.said(draft.id) == []
    assert (await visit(notify, f"/announcements/{draft.id}")).status_code == 404
    store = notify.running.service.store
    assert await store.rows("timers").find_one({"aggregate": draft.id}) is None
    assert await store.rows("broadcasts").find_one({"news.cause": draft.id}) is None


async def test_what_is_withdrawn_is_taken_from_the_board_with_its_reason(notify: Started) -> None:
    draft = await write(notify)
    await publish(notify, draft.id)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "reason"):
        await notify.call("AnnouncementService/WithdrawAnnouncement", {"announcement_id": draft.id}, COORDINATOR)
    request = {"announcement_id": draft.id, "reason": "Falsches Datum"}
    await notify.call("AnnouncementService/WithdrawAnnouncement", request, COORDINATOR)
    assert [m.fact for m in await notify.published(draft.id)] == ["announcement_published", "announcement_withdrawn"]
    assert (await visit(notify, f"/announcements/{draft.id}")).status_code == 404
    with refused("ANNOUNCEMENT_NOT_PUBLISHED", "FAILED_PRECONDITION"):
        await notify.call("AnnouncementService/WithdrawAnnouncement", request, COORDINATOR)
    with refused("ANNOUNCEMENT_NOT_DRAFT", "FAILED_PRECONDITION"):
        await publish(notify, draft.id)


async def test_an_office_announces_in_its_own_regions_alone(notify: Started) -> None:
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await write(notify, regions=["114009", "12"])
    draft = await write(notify)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await notify.call(
            "AnnouncementService/PublishAnnouncement",
            {"announcement_id": draft.id},
            Role("coordinator", regions=("12",)),
        )


async def test_a_draft_is_changed_by_who_saw_its_newest_version(notify: Started) -> None:
    draft = await write(notify)
    change = {"announcement_id": draft.id, "texts": [{"language": "LANGUAGE_DE", "title": "Neu", "body": "Text"}]}
    changed = await notify.call("AnnouncementService/UpdateAnnouncement", change | {"etag": draft.etag}, COORDINATOR)
    assert [t.title for t in changed.announcement.texts] == ["Neu"]
    with refused("ETAG_MISMATCH", "ABORTED"):
        await notify.call("AnnouncementService/UpdateAnnouncement", change | {"etag": draft.etag}, COORDINATOR)


async def test_wrong_announcements_are_refused_with_their_field(notify: Started) -> None:
    for fields, field, reason in (
        ({"region": "99"}, "region", "INVALID_FIELDS"),
        ({"texts": []}, "texts", "INVALID_FIELDS"),
        ({"links": [{"title": "x", "url": "http://x"}]}, "links[0].url", "INVALID_FIELDS"),
        ({"regions": ["1141"]}, "regions[0]", "INVALID_FIELDS"),
        ({"regions": ["1130"]}, "region", "HOME_REGION_OUTSIDE"),
        ({"texts": a_draft()["texts"][:1] * 2}, "texts", "TEXT_TWICE"),
    ):
        with refused(reason, "INVALID_ARGUMENT", field):
            await write(notify, **fields)


async def test_pages_answer_in_german_and_english_and_refuse_nonsense(notify: Started) -> None:
    german = await visit(notify, "/announcements?region=11")
    english = await visit(notify, "/announcements?region=11", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="de">' in german.text
    assert '<html lang="en">' in english.text
    assert (await visit(notify, "/announcements?region=nowhere")).status_code == 400
    assert (await visit(notify, "/announcements/nothing")).status_code == 400
    assert (await visit(notify, "/style.css")).headers["content-type"].startswith("text/css")


def _stamp(instant: Any) -> str:
    return str(instant.isoformat()).replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("home", "regions"), [("11", ["11"]), ("1140", ["1140"]), ("114010", ["114010", "114009"]), ("00", ["00"])]
)
async def test_a_list_shows_no_more_of_what_others_write_than_the_announcement_alone_does(
    notify: Started, home: str, regions: list[str]
) -> None:
    reader, writer = Role("coordinator", regions=("114009",)), Role("coordinator")
    wish = a_draft(region=home, regions=regions)
    answer = await notify.call("AnnouncementService/CreateAnnouncement", wish, writer, sub="office-1")
    id = answer.announcement.id
    with refused("ANNOUNCEMENT_NOT_FOUND", "NOT_FOUND"):
        await notify.call("AnnouncementService/GetAnnouncement", {"announcement_id": id}, reader)
    for status in ({}, {"status": "ANNOUNCEMENT_STATUS_DRAFT"}):
        assert id not in dict(await listed(notify, "114009", reader, **status))
        assert (id, "office-1") in await listed(notify, home, writer, **status)
    await notify.call("AnnouncementService/PublishAnnouncement", {"announcement_id": id}, writer)
    assert (id, "") in await listed(notify, "114009", reader)
