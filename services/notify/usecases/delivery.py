"""Deliver a queued letter: claim it, find out where it goes, hand it to the post, record what came of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chassis.ports import Transaction
from chassis.refusals import NotFound, Unavailable
from services.notify.domain.link import Link, Purpose
from services.notify.domain.notification import DropReason, Ending, Notification, Outcome, Source
from services.notify.domain.subscriber import Subscriber, SubscriberStatus
from services.notify.domain.template import Lane, Template
from services.notify.usecases.clock import MachineClock
from services.notify.usecases.ports import (
    AddressRefused,
    Contact,
    Directory,
    Letters,
    Links,
    Notifications,
    Persons,
    Post,
    Subscribers,
    Tokens,
)


class _Dropped(Exception):
    def __init__(self, reason: DropReason) -> None:
        super().__init__(reason)
        self.reason = reason


class DeliveryUseCases:
    """Between claiming and settling, mail leaves the house: a crash there repeats at most the one in flight.

    `carrying` is how long the post may take for a letter; a shorter `lease` would let none be sent.
    """

    def __init__(
        self,
        notifications: Notifications,
        subscribers: Subscribers,
        persons: Persons,
        links: Links,
        tokens: Tokens,
        directory: Directory,
        letters: Letters,
        post: Post,
        machine_now: MachineClock,
        lease: timedelta,
        carrying: timedelta,
    ) -> None:
        self._notifications, self._subscribers, self._persons, self._links = notifications, subscribers, persons, links
        self._tokens, self._directory, self._letters, self._post = tokens, directory, letters, post
        self._machine_now, self._lease, self._carrying = machine_now, lease, carrying

    async def due_notifications(self, lane: Lane) -> tuple[Notification, ...]:
        return await self._notifications.due(lane, self._machine_now())

    async def claim_notification(self, tx: Transaction, notification_id: str) -> Notification | None:
        """Take it for sending; None when another sender has it."""
        notification = await self._notifications.get(notification_id, tx)
        claimed = notification.claim(self._machine_now(), self._lease)
        if claimed is None:
            return None
        if claimed.recipient.source is Source.NOTIFY and claimed.lane is Lane.NEWS:
            await self._know_unsubscribe_link(tx, claimed)
        return await self._notifications.save(tx, claimed)

    async def send(self, notification: Notification, at: datetime) -> Outcome | None:
        """Hand a claimed letter to the post, but one that was held for too long: None, for another sender may have it before the end.

        `at` is the calendar's instant.
        """
        try:
            if notification.is_past(at):
                raise _Dropped(DropReason.PAST)
            to, token = await self._addressee(notification)
            letter = self._letters.write(notification, to, at, token)
            if not notification.is_held(self._machine_now(), self._carrying):
                return None
            await self._post.send(letter)
        except _Dropped as dropped:
            return Outcome(Ending.DROPPED, dropped.reason)
        except AddressRefused as refused:
            return Outcome(Ending.REFUSED, refused.reason)
        except Unavailable as away:
            return Outcome(Ending.POSTPONED, away.reason)
        return Outcome(Ending.DELIVERED)

    async def settle_notification(self, tx: Transaction, claimed: Notification, outcome: Outcome) -> None:
        """Record the outcome, unless another sender did; a subscriber whose address takes no mail for good hears no more."""
        notification = await self._notifications.get(claimed.id, tx)
        if not notification.is_tried_by(claimed, outcome.ending):
            return
        settled, said = notification.settle(outcome, tx.at, self._machine_now())
        await self._notifications.save(tx, settled, *said)
        if outcome.ending is Ending.REFUSED and notification.recipient.source is Source.NOTIFY:
            await self._suppress(tx, notification)

    async def _suppress(self, tx: Transaction, notification: Notification) -> None:
        subscriber = await self._subscribers.get(notification.recipient.ref, tx)
        if notification.template is Template.SUBSCRIPTION_CONFIRMATION and not subscriber.is_unconfirmed:
            # Anyone can have it written to them; what they confirmed stays until their news itself comes back.
            return
        suppressed, facts = subscriber.suppress()
        await self._subscribers.save(tx, suppressed, *facts)
        await self._persons.remove(tx, subscriber.person_ref)

    async def _addressee(self, notification: Notification) -> tuple[Contact, str]:
        """The person now, and the token of the secret link of a subscriber which the letter holds."""
        recipient = notification.recipient
        if recipient.source is Source.NOTIFY:
            return await self._subscriber(notification, await self._subscribers.get(recipient.ref))
        try:
            about = notification.data.get("registration_id", "")
            return await self._directory.resolve(recipient, about, notification.trail), ""
        except NotFound:
            raise _Dropped(DropReason.ERASED) from None

    async def _subscriber(self, notification: Notification, subscriber: Subscriber) -> tuple[Contact, str]:
        person = await self._persons.find(subscriber.person_ref)
        if subscriber.status is SubscriberStatus.SUPPRESSED:
            raise _Dropped(DropReason.SUPPRESSED)
        if subscriber.status is SubscriberStatus.UNSUBSCRIBED:
            raise _Dropped(DropReason.UNSUBSCRIBED)
        if person is None:
            raise _Dropped(DropReason.ERASED)
        if notification.template is Template.SUBSCRIPTION_CONFIRMATION:
            if subscriber.asked is None or str(subscriber.asked.number) != notification.data["ask"]:
                raise _Dropped(DropReason.PAST)
            token = self._tokens.token(Purpose.CONFIRM, subscriber.id, subscriber.asked.number)
            return Contact(replace(person, language=subscriber.asked.language)), token
        if subscriber.status is not SubscriberStatus.CONFIRMED:
            raise _Dropped(DropReason.UNSUBSCRIBED)
        token = self._tokens.token(Purpose.UNSUBSCRIBE, subscriber.id, notification.created_at.year)
        return Contact(replace(person, language=subscriber.language)), token

    async def _know_unsubscribe_link(self, tx: Transaction, notification: Notification) -> None:
        """One link a subscriber and year, so that the links of old mails go on working for a year at least."""
        subscriber_id, year = notification.recipient.ref, notification.created_at.year
        fingerprint = self._tokens.fingerprint(self._tokens.token(Purpose.UNSUBSCRIBE, subscriber_id, year))
        if await self._links.find(fingerprint, tx) is None:
            expires_at = datetime(year + 2, 1, 1, tzinfo=UTC)
            await self._links.insert(tx, Link(fingerprint, Purpose.UNSUBSCRIBE, subscriber_id, year, expires_at))
