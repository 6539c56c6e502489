"""Who sends a letter: one sender, who records it, and whom a letter that cannot be sent holds up in nothing."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.ports import new_id
from chassis.refusals import Refusal, Stale, Unavailable
from chassis.store import StoreTransaction
from services.notify.adapters import directory
from services.notify.domain.notification import Ending, News, Outcome, Recipient, Source
from services.notify.domain.template import Lane, Template
from services.notify.entrypoints.sender import Sender
from tests.support.city import Started, eventually
from tests.support.notify import MailServer, Neighbours
from tests.support.notify_letters import an_application, hurry, sender_of, settled


async def queue(notify: Started, person_ref: str) -> None:
    async def work(tx: StoreTransaction) -> None:
        news = News(new_id(), "11", Template.PAYMENT_RELEASED, tx.at, {"title": "X", "amount_cents": "100"})
        await sender_of(notify)._do.letters.write_to(tx, Recipient(Source.FUNDS, person_ref), news)

    await notify.running.service.store.transact(work)


async def held_up(
    notify: Started, neighbours: Neighbours, person_ref: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[asyncio.Event, datetime]:
    """A letter to this person is claimed, and its sender waits for the address: until the event. When its lease ends."""
    # After the usual 2 s, which a busy machine may need, it would be put off, by a clock that these tests hold.
    monkeypatch.setattr(directory, "SECONDS", 30.0)
    thawed = neighbours.held[person_ref] = asyncio.Event()

    async def is_held() -> bool:
        return not neighbours.held

    await queue(notify, person_ref)
    await eventually(is_held)
    notifications: Any = sender_of(notify)._do.deliveries._notifications
    (taken,) = await notifications.where({"recipient.ref": person_ref})
    return thawed, taken.due_at


async def test_a_sender_that_held_a_letter_for_too_long_leaves_it_to_the_one_that_took_it(
    notify: Started, mails: MailServer, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, do = notify.running.service.store, sender_of(notify)._do
    rival = Sender(do, store, type(notify.running.service.metrics)(), timedelta(seconds=1))
    (person_ref, email), (other_ref, other) = neighbours.knows(), neighbours.knows()
    thawed, lease_ends = await held_up(notify, neighbours, person_ref, monkeypatch)
    monkeypatch.setattr(do.deliveries, "_machine_now", lambda: lease_ends)
    assert await rival.send_due(Lane.SERVICE)
    await mails.mail_to(email)
    thawed.set()
    # The one that was held sends this next.
    await queue(notify, other_ref)
    await mails.mail_to(other)
    assert len(mails.to(email)) == 1
    assert (await settled(notify, "DELIVERED", person_ref)).attempts == 2


async def test_no_letter_is_begun_whose_lease_may_end_before_the_mail_server_is_done(
    notify: Started, mails: MailServer, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries = sender_of(notify)._do.deliveries
    (person_ref, email), (other_ref, other) = neighbours.knows(), neighbours.knows()
    thawed, lease_ends = await held_up(notify, neighbours, person_ref, monkeypatch)
    monkeypatch.setattr(deliveries, "_machine_now", lambda: lease_ends - timedelta(seconds=1))
    thawed.set()
    # The one that was held sends this next.
    await queue(notify, other_ref)
    await mails.mail_to(other)
    assert not mails.to(email)
    monkeypatch.setattr(deliveries, "_machine_now", lambda: lease_ends)
    await mails.mail_to(email)
    assert (await settled(notify, "DELIVERED", person_ref)).attempts == 2


async def test_a_sender_that_dies_with_a_letter_in_its_hand_leaves_it_to_the_next(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    store, do = notify.running.service.store, sender_of(notify)._do
    cause = new_id()

    async def queue_and_claim(tx: StoreTransaction) -> None:
        news = News(cause, "11", Template.PAYMENT_RELEASED, tx.at, {"title": "X", "amount_cents": "100"})
        await do.letters.write_to(tx, Recipient(Source.FUNDS, person_ref), news)

    await store.transact(queue_and_claim)
    await mails.mail_to(email)
    await settled(notify, "DELIVERED", person_ref)
    # As it looks when the process died between the mail and its record.
    await store.rows("notifications").update_one(
        {"recipient.ref": person_ref}, {"$set": {"status": "sending", "open_lane": "service"}}
    )
    await sender_of(notify).send_due(Lane.SERVICE)
    assert len(mails.to(email)) == 1
    await hurry(notify)
    await mails.mail_to(email, 2)
    assert len({mail["Message-ID"] for mail in mails.to(email)}) == 1


@pytest.mark.parametrize("met", [Unavailable("OUTCOME_UNKNOWN", "Away."), Stale("BUSY", "Others write.")])
async def test_a_letter_that_went_out_is_recorded_though_the_store_was_away_or_busy_then(
    notify: Started, mails: MailServer, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch, met: Refusal
) -> None:
    person_ref, email = neighbours.knows()
    deliveries = sender_of(notify)._do.deliveries
    recorded, away = deliveries.settle_notification, iter((met,) * 3)

    async def settle(tx: StoreTransaction, *given: Any) -> None:
        for error in away:
            raise error
        await recorded(tx, *given)

    monkeypatch.setattr(deliveries, "settle_notification", settle)
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    assert (await settled(notify, "DELIVERED", person_ref)).attempts == 1
    assert len(mails.to(email)) == 1


async def test_a_letter_that_is_not_claimed_for_others_write_is_tried_again_and_no_bug(
    notify: Started, mails: MailServer, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_ref, email = neighbours.knows()
    deliveries = sender_of(notify)._do.deliveries
    claims, busy = deliveries.claim_notification, iter((Stale("BUSY", "Others write."),) * 3)

    async def claim(tx: StoreTransaction, id: str) -> Any:
        for error in busy:
            raise error
        return await claims(tx, id)

    monkeypatch.setattr(deliveries, "claim_notification", claim)
    with capture_logs() as lines:
        await queue(notify, person_ref)
        await mails.mail_to(email)
    assert next(busy, None) is None
    assert not [line for line in lines if line["log_level"] == "error"]
    assert (await settled(notify, "DELIVERED", person_ref)).attempts == 1


async def test_a_letter_that_meets_a_bug_holds_up_no_other(
    notify: Started, mails: MailServer, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken_ref, _), (person_ref, email) = neighbours.knows(), neighbours.knows()
    deliveries = sender_of(notify)._do.deliveries
    claims, met = deliveries.claim_notification, asyncio.Event()

    async def claim(tx: StoreTransaction, id: str) -> Any:
        claimed = await claims(tx, id)
        if claimed and claimed.recipient.ref == broken_ref:
            met.set()
            raise ValueError
        return claimed

    monkeypatch.setattr(deliveries, "claim_notification", claim)
    await notify.city.say("funds", "application_submitted", an_application(broken_ref), late=False)
    await met.wait()
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await mails.mail_to(email)
    monkeypatch.undo()
    await settled(notify, "DELIVERED", broken_ref)


async def test_what_another_sender_took_since_is_theirs_to_tell(
    notify: Started, mails: MailServer, neighbours: Neighbours
) -> None:
    person_ref, email = neighbours.knows()
    store, do = notify.running.service.store, sender_of(notify)._do
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await settled(notify, "DELIVERED", person_ref)
    row = await store.rows("notifications").find_one({"recipient.ref": person_ref})
    at = {"_id": row["_id"]}
    # As it looks while the second one has it, whose lease runs.
    taken = {"status": "sending", "attempts": 2, "due_at": row["due_at"] + timedelta(hours=1)}
    await store.rows("notifications").update_one(at, {"$set": taken})
    one: Any = await do.deliveries._notifications.get(row["_id"])
    first = replace(one, attempts=1)
    late = Outcome(Ending.POSTPONED, "SMTP_451")
    await store.transact(lambda tx: do.deliveries.settle_notification(tx, first, late))
    assert (await store.rows("notifications").find_one(at))["status"] == "sending"
    await store.transact(lambda tx: do.deliveries.settle_notification(tx, first, Outcome(Ending.DELIVERED)))
    await store.transact(lambda tx: do.deliveries.settle_notification(tx, one, late))
    assert (await store.rows("notifications").find_one(at))["status"] == "delivered"
    assert len(mails.to(email)) == 1


@pytest.mark.parametrize(
    ("later", "status"), [(Outcome(Ending.POSTPONED, "SMTP_451"), "queued"), (Outcome(Ending.REFUSED, "X"), "failed")]
)
async def test_what_went_out_is_recorded_though_who_took_it_since_could_not_send_it(
    notify: Started, mails: MailServer, neighbours: Neighbours, later: Outcome, status: str
) -> None:
    person_ref, email = neighbours.knows()
    store, deliveries = notify.running.service.store, sender_of(notify)._do.deliveries
    await notify.city.say("funds", "application_submitted", an_application(person_ref), late=False)
    await settled(notify, "DELIVERED", person_ref)
    row = await store.rows("notifications").find_one({"recipient.ref": person_ref})
    at = {"_id": row["_id"]}
    # As it looks when the first one's record waits for the store, and another took the letter after the lease.
    taken = {"status": "sending", "attempts": 2, "due_at": row["due_at"] + timedelta(hours=1)}
    await store.rows("notifications").update_one(at, {"$set": taken})
    second: Any = await deliveries._notifications.get(row["_id"])
    first = replace(second, attempts=1)
    await store.transact(lambda tx: deliveries.settle_notification(tx, second, later))
    assert (await store.rows("notifications").find_one(at))["status"] == status
    for _ in range(2):
        # A commit whose answer was lost is made again.
        await store.transact(lambda tx: deliveries.settle_notification(tx, first, Outcome(Ending.DELIVERED)))
    recorded = await store.rows("notifications").find_one(at)
    assert (recorded["status"], recorded["reason"], recorded["open_lane"]) == ("delivered", "", "")
    await hurry(notify)
    await sender_of(notify).send_due(Lane.SERVICE)
    assert len(mails.to(email)) == 1
