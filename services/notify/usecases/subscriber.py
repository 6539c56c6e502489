"""Sign up, confirm, leave; and the office's views of who follows what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chassis.fields import Email, Id, PageSize, PageToken
from chassis.ports import Caller, Clock, Page, PageRequest, Transaction, new_id
from lor import Region
from services.notify.domain.language import Language
from services.notify.domain.link import Link, Purpose
from services.notify.domain.notification import News, Recipient, Source
from services.notify.domain.person import Person
from services.notify.domain.refusals import AskedTooOften, LinkUnknown
from services.notify.domain.subscriber import CONFIRM_WITHIN, Subscriber, SubscriberStatus
from services.notify.domain.subscription import NewsKind, Subscription
from services.notify.domain.template import Template
from services.notify.usecases.letter import LetterUseCases
from services.notify.usecases.ports import Links, Persons, Subscribers, Tokens

SecretToken = Annotated[str, MinLen(1), MaxLen(64)]
FORGET_UNCONFIRMED = "forget_unconfirmed"
READERS = ("coordinator", "operator", "auditor")


@dataclass(frozen=True, slots=True)
class Subscribe:
    email: Email
    language: Language
    kinds: Annotated[tuple[NewsKind, ...], MinLen(1), MaxLen(len(NewsKind))]
    regions: Annotated[tuple[Region, ...], MinLen(1), MaxLen(20)]


@dataclass(frozen=True, slots=True)
class FollowLink:
    """`token` is the secret part of a link in a mail."""

    token: SecretToken


@dataclass(frozen=True, slots=True)
class GetSubscriber:
    subscriber_id: Id


@dataclass(frozen=True, slots=True)
class ListSubscribers:
    region: Region
    status: SubscriberStatus | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class CountSubscribers:
    region: Region


@dataclass(frozen=True, slots=True)
class EraseSubscriber:
    subscriber_id: Id


class SubscriberUseCases:
    def __init__(
        self,
        subscribers: Subscribers,
        persons: Persons,
        links: Links,
        tokens: Tokens,
        letters: LetterUseCases,
        person_ref: Callable[[str], str],
        clock: Clock,
    ) -> None:
        self._subscribers, self._persons, self._links, self._tokens = subscribers, persons, links, tokens
        self._letters, self._person_ref, self._clock = letters, person_ref, clock

    async def subscribe(self, tx: Transaction, command: Subscribe, caller: Caller) -> None:
        """On behalf of someone; what follows is the same as if they had asked themselves."""
        for region in command.regions:
            caller.require("coordinator", region=region)
        await self._ask(tx, command, by=caller.sub)

    async def ask_subscription(self, tx: Transaction, command: Subscribe, caller: Caller) -> None:
        """Whether the address is known, or was written to often enough today, nobody learns from the answer."""
        await self._ask(tx, command)

    async def confirm_subscription(self, tx: Transaction, command: FollowLink, caller: Caller) -> Subscriber:
        link, subscriber = await self._follow(tx, command.token, Purpose.CONFIRM)
        confirmed, said = subscriber.confirm(link.serial, tx.at)
        if not said:
            return subscriber
        tx.cancel_timer(subscriber.id, FORGET_UNCONFIRMED)
        return await self._subscribers.save(tx, confirmed, *said)

    async def unsubscribe(self, tx: Transaction, command: FollowLink, caller: Caller) -> Subscriber:
        """Leave; the address is not kept, the consent log is."""
        _, subscriber = await self._follow(tx, command.token, Purpose.UNSUBSCRIBE)
        left, said = subscriber.unsubscribe(tx.at)
        if not said:
            return subscriber
        await self._persons.remove(tx, subscriber.person_ref)
        return await self._subscribers.save(tx, left, *said)

    async def forget_unconfirmed(self, tx: Transaction, subscriber_id: str) -> None:
        """The timer: an address that nobody confirmed is not kept."""
        subscriber = await self._subscribers.get(subscriber_id, tx)
        if subscriber.is_unconfirmed:
            await self._erase(tx, subscriber)

    async def erase_subscriber(self, tx: Transaction, command: EraseSubscriber, caller: Caller) -> Subscriber:
        subscriber = await self._subscribers.get(command.subscriber_id, tx)
        caller.require("coordinator", "operator", region=subscriber.region)
        return await self._erase(tx, subscriber)

    async def get_subscriber(self, query: GetSubscriber, caller: Caller) -> Subscriber:
        subscriber = await self._subscribers.get(query.subscriber_id)
        caller.require(*READERS, region=subscriber.region)
        return subscriber

    async def list_subscribers(self, query: ListSubscribers, caller: Caller) -> Page[Subscriber]:
        caller.require(*READERS, region=query.region)
        request = PageRequest(query.page_size, query.page_token, scope=caller.sub)
        return await self._subscribers.of_region(query.region, query.status, request)

    async def count_subscribers(self, query: CountSubscribers, caller: Caller) -> dict[str, int]:
        caller.require(*READERS, region=query.region)
        return {status.value: await self._subscribers.count_of(query.region, status) for status in SubscriberStatus}

    async def behind_confirm_link(self, query: FollowLink, caller: Caller) -> Subscriber:
        return await self._behind(query, Purpose.CONFIRM)

    async def behind_unsubscribe_link(self, query: FollowLink, caller: Caller) -> Subscriber:
        return await self._behind(query, Purpose.UNSUBSCRIBE)

    async def _ask(self, tx: Transaction, command: Subscribe, by: str = "") -> None:
        person_ref = self._person_ref(command.email)
        wanted = Subscription(command.kinds, command.regions)
        known = await self._subscribers.of_person(person_ref, tx)
        subscriber = known or Subscriber(new_id(), command.regions[0], person_ref, command.language)
        try:
            asked = subscriber.ask((wanted,), command.language, tx.at, by)
        except AskedTooOften:
            return
        await (self._subscribers.save(tx, asked) if known else self._subscribers.add(tx, asked))
        if await self._persons.find(person_ref, tx) is None:
            await self._persons.put(tx, Person(person_ref, "", command.email, command.language))
        await self._send_confirmation(tx, asked, wanted)

    async def _send_confirmation(self, tx: Transaction, subscriber: Subscriber, wanted: Subscription) -> None:
        expires_at = tx.at + CONFIRM_WITHIN
        token = self._tokens.token(Purpose.CONFIRM, subscriber.id, subscriber.asks)
        fingerprint = self._tokens.fingerprint(token)
        await self._links.insert(tx, Link(fingerprint, Purpose.CONFIRM, subscriber.id, subscriber.asks, expires_at))
        tx.set_timer(subscriber.id, FORGET_UNCONFIRMED, expires_at)
        news = News(
            cause=f"{subscriber.id}:ask:{subscriber.asks}",
            region=subscriber.region,
            template=Template.SUBSCRIPTION_CONFIRMATION,
            said_at=tx.at,
            data={
                "ask": str(subscriber.asks),
                "expires_at": expires_at.isoformat(),
                "kinds": ",".join(wanted.kinds),
                "regions": ",".join(wanted.regions),
            },
            valid_until=expires_at,
        )
        await self._letters.write_to(tx, Recipient(Source.NOTIFY, subscriber.id), news)

    async def _follow(self, tx: Transaction, token: str, purpose: Purpose) -> tuple[Link, Subscriber]:
        link = await self._links.find(self._tokens.fingerprint(token), tx)
        if link is None:
            raise LinkUnknown
        link.check(purpose, tx.at)
        return link, await self._subscribers.get(link.subscriber_id, tx)

    async def _behind(self, query: FollowLink, purpose: Purpose) -> Subscriber:
        link = await self._links.find(self._tokens.fingerprint(query.token))
        if link is None:
            raise LinkUnknown
        link.check(purpose, self._clock.now())
        return await self._subscribers.get(link.subscriber_id)

    async def _erase(self, tx: Transaction, subscriber: Subscriber) -> Subscriber:
        tx.cancel_timer(subscriber.id, FORGET_UNCONFIRMED)
        await self._persons.remove(tx, subscriber.person_ref)
        return await self._subscribers.save(tx, subscriber.erase())
