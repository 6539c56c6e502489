"""Residents hear what is said for their regions; each piece of news once."""

from datetime import timedelta
from functools import partial
from typing import Any

from structlog.testing import capture_logs

from chassis.ports import new_id
from services.notify.domain.notification import News
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from tests.support.city import Started, eventually
from tests.support.notify import (
    BATCH,
    OPERATOR,
    MailServer,
    a_confirmed_subscriber,
    a_follower,
    a_subscription,
    plain,
)
from tests.support.notify_letters import sender_of


async def all_sent(notify: Started) -> bool:
    counts = await notify.call("NotificationService/CountNotifications", {}, OPERATOR)
    return not counts.queued and not counts.sending and not counts.broadcasts


async def said_to_residents(notify: Started, service: str, fact: str, state: dict[str, Any], **beside: Any) -> None:
    await notify.knows(*await notify.city.say(service, fact, {"id": new_id(), **state}, **beside))
    await eventually(lambda: all_sent(notify))


async def a_round(notify: Started, region: str) -> dict[str, Any]:
    closes_at = (await notify.now() + timedelta(days=14)).isoformat()
    return {"region": region, "fund_name": f"Fonds {new_id()}", "name": "1. Runde", "closes_at": closes_at}


async def test_an_open_round_reaches_who_follows_the_place_around_it_or_inside_of_it(
    notify: Started, mails: MailServer
) -> None:
    hears = [await a_follower(notify, mails, *regions) for regions in (("0110",), ("01",), ("011001",), ("0110", "01"))]
    deaf = [
        await a_follower(notify, mails, "0120"),
        await a_follower(notify, mails, "0110", kind=["awards"]),
    ]
    state = await a_round(notify, "0110")
    await said_to_residents(notify, "funds", "round_opened", state)
    about = f"{state['fund_name']}: Anträge bis "
    assert [len(mails.to(email, about)) for email in hears] == [1, 1, 1, 1]
    assert [len(mails.to(email, about)) for email in deaf] == [0, 0]


async def test_an_award_to_a_private_person_names_nobody(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "02")
    grant = {
        "region": "02",
        "fund_name": f"Fonds {new_id()}",
        "title": "Projekt einer Privatperson",
        "recipient_name": "Kim Beispiel",
        "is_private_person": True,
        "approved_cents": 80050,
        "requested_cents": 100000,
    }
    await said_to_residents(notify, "funds", "grant_awarded", grant)
    (mail,) = mails.to(email, str(grant["fund_name"]))
    assert "800,50" in plain(mail)
    assert "Kim" not in plain(mail)


async def test_the_calendar_is_told_of_when_it_is_public(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "03", kind=["calendar"])
    starts_at = await notify.now() + timedelta(days=30)
    event = {
        "region": "0310",
        "title": f"Fest {new_id()}",
        "kind": "festival",
        "starts_at": starts_at,
        "visibility": "public",
        "place": {"name": "Haus", "address": "Haus, Weg 1, 10115 Berlin"},
    }
    await said_to_residents(notify, "events", "event_published", event)
    await said_to_residents(notify, "events", "event_moved", event, previous_starts_at=starts_at - timedelta(days=1))
    await said_to_residents(notify, "events", "event_cancelled", event, reason="Sturm")
    await said_to_residents(notify, "events", "event_published", event | {"visibility": "internal"})
    await said_to_residents(notify, "events", "event_published", event | {"kind": "jury_session"})
    subjects = [str(mail["Subject"]) for mail in mails.to(email, str(event["title"]))]
    assert [subject.partition(":")[0] for subject in subjects] == [event["title"], "Verlegt", "Abgesagt"]


async def test_what_happened_long_ago_only_informs(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "04")
    sender, store, fund = sender_of(notify), notify.running.service.store, f"Fonds {new_id()}"
    for days, cause in ((15, new_id()), (13, new_id())):
        data = {
            "fund_name": fund,
            "name_of_round": "R",
            "closes_at": (await notify.now()).isoformat(),
            "session_at": "",
        }
        news = News(cause, "04", Template.ROUND_OPENED, await notify.now() - timedelta(days=days), data)
        tell = partial(sender._do.letters.write_to_followers, kind=NewsKind.ROUNDS, regions=("04",), news=news)
        await store.transact(tell)
    await eventually(lambda: all_sent(notify))
    assert len(mails.to(email, fund)) == 1


async def test_news_to_many_are_queued_in_batches_and_resumed_where_they_stopped(notify: Started) -> None:
    sender, store = sender_of(notify), notify.running.service.store
    many = [
        a_confirmed_subscriber(id=new_id(), subscriptions=(a_subscription("0610", "06"),)) for _ in range(2 * BATCH + 2)
    ]
    subscribers = sender._do.broadcasts._subscribers

    async def add(tx: Any) -> None:
        for subscriber in many:
            await subscribers.add(tx, subscriber)

    await store.transact(add)
    state = await a_round(notify, "0610")
    await said_to_residents(notify, "funds", "round_opened", state)
    rows = store.rows("notifications")
    queued = await rows.count_documents({"recipient.ref": {"$in": [s.id for s in many]}})
    assert queued == len(many)
    broadcast = await store.rows("broadcasts").find_one({"news.data.fund_name": state["fund_name"]})
    assert broadcast["queued"] == len(many)
    # A crash after a batch leaves its cursor; going over the same people again queues nobody twice.
    await store.rows("broadcasts").update_one(
        {"_id": broadcast["_id"]}, {"$set": {"keys": ["rounds<0610", "rounds=06"], "after": "", "running": True}}
    )
    await eventually(lambda: all_sent(notify))
    assert await rows.count_documents({"recipient.ref": {"$in": [s.id for s in many]}}) == len(many)


async def test_a_broadcast_that_cannot_be_carried_on_holds_up_no_other(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "0710")
    broken, next_one = await a_round(notify, "0710"), await a_round(notify, "0710")
    await said_to_residents(notify, "funds", "round_opened", broken)
    broadcasts = notify.running.service.store.rows("broadcasts")
    row = await broadcasts.find_one({"news.data.fund_name": broken["fund_name"]})
    # Without its count of facts it cannot be saved, and by its id it comes first.
    del row["_seq"]
    # To show each error on a terminal takes longer than all else here.
    with capture_logs():
        await broadcasts.insert_one({**row, "_id": "0", "keys": ["rounds=0710"], "running": True})
        try:
            await notify.city.say("funds", "round_opened", {"id": new_id(), **next_one})
            await mails.mail_to(email, about=next_one["fund_name"])
        finally:
            await broadcasts.delete_one({"_id": "0"})
