"""Each notification once, whatever is repeated, slow, away or broken."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from chassis.ports import new_id
from chassis.store import StoreTransaction
from services.notify.domain.notification import News, Recipient, Source
from services.notify.domain.template import Lane, Template
from services.notify.entrypoints.sender import Sender
from tests.support.city import Started, eventually
from tests.support.client import refused
from tests.support.notify import OPERATOR, MailServer, Neighbours, a_follower, plain
from tests.support.notify_letters import an_application, hurry, sender_of, settled, waiting


async def test_an_applicant_is_written_to_in_the_own_language_and_not_named_in_the_subject(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows("Ada Muster", "en")
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    mail = await mails.mail_to(email)
    assert mail["Subject"] == "Your application has arrived"
    assert mail["To"] == f"Ada Muster <{email}>"
    assert "Hello Ada Muster" in plain(mail)
    assert "€950" in plain(mail)
    assert mail["List-Unsubscribe"] is None
    delivered = await settled(notify, "DELIVERED", person_ref)
    assert mail["Message-ID"] == f"<{delivered.id}@kiez.test>"
    assert email not in str(delivered)


async def test_a_message_that_comes_again_writes_no_second_letter(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    state, id = an_application(person_ref), new_id()
    for _ in range(3):
        body = {"state": state, "late": False}
        await notify.city.say_raw("funds", "application_submitted", state["id"], 1, body, region="114009", id=id)
    other_ref, other = neighbours.knows()
    await notify.city.say("funds", "application_submitted", an_application(other_ref), late=False)
    await mails.mail_to(other)
    await mails.mail_to(email)
    assert len(mails.to(email)) == 1
    assert await notify.running.service.store.rows("notifications").count_documents({"recipient.ref": person_ref}) == 1


async def test_two_senders_at_once_write_each_letter_once(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    store, do = notify.running.service.store, sender_of(notify)._do
    people = [neighbours.knows() for _ in range(20)]

    async def queue(tx: StoreTransaction) -> None:
        for person_ref, _ in people:
            news = News(new_id(), "11", Template.PAYMENT_RELEASED, tx.at, {"title": "X", "amount_cents": "100"})
            await do.letters.write_to(tx, Recipient(Source.FUNDS, person_ref), news)

    await store.transact(queue)
    rivals = [Sender(do, store, type(notify.running.service.metrics)(), timedelta(seconds=1)) for _ in range(3)]
    await asyncio.gather(*(rival.send_due(Lane.SERVICE) for rival in rivals))
    for _, email in people:
        await mails.mail_to(email)
    await asyncio.gather(*(rival.send_due(Lane.SERVICE) for rival in rivals))
    assert [len(mails.to(email)) for _, email in people] == [1] * len(people)


async def test_an_effect_that_failed_half_way_leaves_no_letter(notify: Started, neighbours: Neighbours) -> None:
    person_ref, _ = neighbours.knows()
    store, do = notify.running.service.store, sender_of(notify)._do

    async def half(tx: StoreTransaction) -> None:
        news = News(new_id(), "11", Template.PAYMENT_RELEASED, tx.at, {"title": "X", "amount_cents": "100"})
        await do.letters.write_to(tx, Recipient(Source.FUNDS, person_ref), news)
        raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        await store.transact(half)
    assert await store.rows("notifications").find_one({"recipient.ref": person_ref}) is None


async def test_a_neighbour_that_is_away_is_asked_again_later(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    neighbours.away[person_ref] = 2
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await waiting(notify, person_ref, "NEIGHBOUR_AWAY", attempts=1)
    await hurry(notify)
    await waiting(notify, person_ref, "NEIGHBOUR_AWAY", attempts=2)
    await hurry(notify)
    await mails.mail_to(email)
    assert (await settled(notify, "DELIVERED", person_ref)).attempts == 3


async def test_who_was_erased_at_the_owner_is_not_written_to(notify: Started) -> None:
    person_ref = new_id()
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    assert (await settled(notify, "DROPPED", person_ref)).reason == "ERASED"


async def test_a_mailbox_that_is_busy_is_tried_again(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    mails.busy[email] = 1
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await waiting(notify, person_ref, "SMTP_451")
    await hurry(notify)
    await mails.mail_to(email)


async def test_a_mail_server_that_does_not_want_us_suppresses_nobody(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "07")
    mails.unwanted.add(email)
    await notify.city.say("funds", "round_opened", await a_round(notify, "07"))
    waits = {"region": "07", "status": "queued", "reason": "SMTP_550"}
    await eventually(lambda: notify.running.service.store.rows("notifications").find_one(waits))
    mails.unwanted.clear()
    await hurry(notify)
    await mails.mail_to(email, 2)


async def test_an_address_that_takes_no_mail_fails_the_letter_and_says_so(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    mails.refused.add(email)
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    failed = await settled(notify, "FAILED", person_ref)
    assert failed.reason == "SMTP_550"
    (said,) = await notify.published(failed.id)
    assert said.fact == "notification_failed"
    assert said.body["state"]["recipient"] == {"source": "funds", "ref": person_ref}
    assert email not in str(said)


async def test_a_subscriber_whose_address_takes_no_mail_is_suppressed(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails, "05")
    mails.refused.add(email)
    person = await notify.running.service.store.rows("persons").find_one({"email": email})
    await notify.city.say("funds", "round_opened", await a_round(notify, "05"))

    async def suppressed() -> Any:
        row = await notify.running.service.store.rows("subscribers").find_one({"person_ref": person["_id"]})
        return row if row["status"] == "suppressed" else None

    row = await eventually(suppressed)
    assert row["hears"] == []
    assert [m.fact for m in await notify.said(row["_id"])] == ["subscriber_confirmed", "subscriber_suppressed"]
    assert await notify.running.service.store.rows("persons").find_one({"email": email}) is None


async def a_round(notify: Started, region: str) -> dict[str, Any]:
    closes_at = (await notify.now() + timedelta(days=14)).isoformat()
    return {"id": new_id(), "region": region, "fund_name": "Kiezfonds", "name": "1. Runde", "closes_at": closes_at}


async def test_the_jury_gets_the_date_for_its_calendar(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    members = [neighbours.knows() for _ in range(3)]
    starts_at = await notify.now() + timedelta(days=19)
    session = {
        "id": new_id(),
        "region": "114009",
        "fund_name": "Kiezfonds Lichtenberg",
        "title": "Jurysitzung Neu-Lichtenberg",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "place": "Kiezspinne, Schulze-Boysen-Straße 38",
    }
    agenda = [{"number": 1, "application_id": new_id(), "title": "Hochbeete", "requested_cents": 95000}]
    refs = [person_ref for person_ref, _ in members]
    await notify.city.say("funds", "session_invited", session, member_refs=refs, agenda=agenda)
    for _, email in members:
        mail = await mails.mail_to(email)
        (attachment,) = list(mail.iter_attachments())
        assert isinstance(attachment, EmailMessage)
        assert attachment.get_content_type() == "text/calendar"
        assert attachment["Content-Type"].params["method"] == "PUBLISH"
        (entry,) = Calendar.from_ical(attachment.get_content()).walk("VEVENT")
        assert entry.decoded("DTSTART") == starts_at.replace(microsecond=0)
        assert "Hochbeete, beantragt 950" in plain(mail)


async def test_a_letter_that_is_of_no_use_any_more_is_dropped(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    starts_at = await notify.now() - timedelta(hours=5)
    event = {"uid": "e", "title": "Fest", "sequence": 0, "starts_at": starts_at, "ends_at": starts_at}
    state = {"id": new_id(), "region": "11", "person_ref": person_ref, "seats": 1}
    await notify.city.say("events", "registration_waitlisted", state, calendar_event=event)
    assert (await settled(notify, "DROPPED", person_ref)).reason == "PAST"
    assert not mails.to(email)


async def test_the_operator_and_the_auditor_alone_see_what_became_of_letters(notify: Started) -> None:
    for rpc in ("ListNotifications", "CountNotifications"):
        with refused("NO_TOKEN", "UNAUTHENTICATED"):
            await notify.call(
                f"NotificationService/{rpc}", {"status": "NOTIFICATION_STATUS_QUEUED"} if rpc[0] == "L" else {}
            )
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "status"):
        await notify.call("NotificationService/ListNotifications", {}, OPERATOR)
    with refused("NOTIFICATION_NOT_FOUND", "NOT_FOUND"):
        await notify.call("NotificationService/GetNotification", {"notification_id": new_id()}, OPERATOR)


async def test_while_the_mail_server_is_away_letters_wait(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    mails.away = True
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await waiting(notify, person_ref, "SMTP_421")
    mails.away = False
    await hurry(notify)
    await mails.mail_to(email)
