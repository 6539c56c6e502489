"""Builders for notify, and what it needs around it: a mail server that keeps what it gets, and neighbours who know people."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import grpc
import httpx
from aiosmtpd.smtp import SMTP

from chassis.ports import Role, new_id
from kiezwerk.events.v1 import contact_pb2
from services.notify.domain.announcement import Announcement, AnnouncementText
from services.notify.domain.language import Language
from services.notify.domain.notification import News, Notification, Recipient, Source
from services.notify.domain.subscriber import Subscriber
from services.notify.domain.subscription import NewsKind, Subscription
from services.notify.domain.template import Template
from tests.support.city import Started, eventually

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
COORDINATOR = Role("coordinator", regions=("11",))
OPERATOR = Role("operator")
BATCH = 5
LINK = re.compile(r"https://kiez\.test/(confirm|unsubscribe)/([0-9a-f]{32})")


def a_subscription(*regions: str, kinds: tuple[NewsKind, ...] = tuple(NewsKind)) -> Subscription:
    return Subscription(kinds, regions or ("114009",))


def an_asked_subscriber(**fields: Any) -> Subscriber:
    subscriber = Subscriber(new_id(), "114009", "ref" + new_id(), Language.DE)
    return replace(subscriber.ask((a_subscription(),), Language.DE, NOW), **fields)


def a_confirmed_subscriber(**fields: Any) -> Subscriber:
    confirmed, _ = an_asked_subscriber().confirm(1, NOW)
    return replace(confirmed, **fields)


def a_piece_of_news(**fields: Any) -> News:
    return replace(News(new_id(), "114009", Template.ROUND_OPENED, NOW), **fields)


def a_notification(**fields: Any) -> Notification:
    queued = Notification.queue(a_piece_of_news(), Recipient(Source.NOTIFY, new_id()), NOW, NOW)
    return replace(queued, **fields)


def an_announcement(**fields: Any) -> Announcement:
    text = AnnouncementText(Language.DE, "Straßenfest", "Am Samstag ist die Straße gesperrt.")
    return replace(Announcement(new_id(), "114009", ("114009",), (text,), author="coordinator-1"), **fields)


@dataclass(slots=True)
class MailServer:
    """A real SMTP server: `refused` addresses do not exist, `unwanted` ones meet a policy, `busy` ones 451 so many times; `away` takes nothing."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    unwanted: set[str] = field(default_factory=set)
    busy: Counter[str] = field(default_factory=Counter)
    away: bool = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.away:
            return "421 closing down"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        if address in self.unwanted:
            return "550 5.7.1 we take no mail from you"
        if self.busy[address] > 0:
            self.busy[address] -= 1
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"

    def to(self, address: str, about: str = "") -> list[EmailMessage]:
        """The mails to an address, those alone whose subject has these words: services beside may cause others."""
        return [mail for mail in self.mails if address in str(mail["To"]) and about in str(mail["Subject"])]

    async def mail_to(self, address: str, count: int = 1, about: str = "") -> EmailMessage:
        """The newest of at least `count` mails to this address, once they are there."""

        async def there() -> list[EmailMessage]:
            found = self.to(address, about)
            return found if len(found) >= count else []

        return (await eventually(there))[-1]


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[MailServer]:
    mails = MailServer()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mails, hostname="mail.test", loop=asyncio.get_running_loop()), "127.0.0.1", 0
    )
    mails.port = server.sockets[0].getsockname()[1]
    yield mails
    server.close()


@dataclass(slots=True)
class Neighbours:
    """Answers ResolveContact as funds and events do; `away` says how often it is not there for a person, `links` where a
    registration is cancelled, `held` until when the first who asks for a person waits.
    """

    port: int = 0
    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    away: Counter[str] = field(default_factory=Counter)
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    def knows(self, name: str = "Kim Beispiel", language: str = "de") -> tuple[str, str]:
        """A new person's person_ref and address."""
        person_ref = new_id().replace("-", "")
        email = f"{person_ref}@example.org"
        self.people[person_ref] = (name, email, language)
        return person_ref, email

    async def resolve(self, request: contact_pb2.ResolveContactRequest, context: Any) -> Any:
        assert "authorization" in dict(context.invocation_metadata())
        if request.person_ref in self.held:
            await self.held.pop(request.person_ref).wait()
        if self.away[request.person_ref] > 0:
            self.away[request.person_ref] -= 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        if request.person_ref not in self.people:
            await context.abort(grpc.StatusCode.NOT_FOUND, "erased")
        name, email, language = self.people[request.person_ref]
        cancel_url = self.links.get(request.registration_id, "")
        return contact_pb2.ResolveContactResponse(name=name, email=email, language=language, cancel_url=cancel_url)


@asynccontextmanager
async def some_neighbours() -> AsyncIterator[Neighbours]:
    neighbours = Neighbours()
    method = grpc.unary_unary_rpc_method_handler(
        neighbours.resolve,
        request_deserializer=contact_pb2.ResolveContactRequest.FromString,
        response_serializer=contact_pb2.ResolveContactResponse.SerializeToString,
    )
    server = grpc.aio.server()
    for owner in ("funds", "events"):
        name = f"kiezwerk.{owner}.v1.ContactService"
        handler = grpc.method_handlers_generic_handler(name, {"ResolveContact": method})
        server.add_generic_rpc_handlers((handler,))
    neighbours.port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield neighbours
    await server.stop(None)


def settings_around(mails: MailServer, neighbours: Neighbours, **more: Any) -> dict[str, Any]:
    """notify's own settings beside those that every service has."""
    address = f"127.0.0.1:{neighbours.port}"
    return {
        "public_url": "https://kiez.test",
        "funds_address": address,
        "events_address": address,
        "smtp_host": "127.0.0.1",
        "smtp_port": mails.port,
        "smtp_tls": "none",
        "mail_from": "kiezwerk@kiez.test",
        "batch": BATCH,
        "look_seconds": 0.05,
    } | more


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The path of the secret link that a mail holds."""
    found = LINK.search(plain(mail))
    assert found, plain(mail)
    return f"/{found[1]}/{found[2]}"


async def sign_up(notify: Started, email: str, *regions: str, **fields: Any) -> httpx.Response:
    """Send the form as a browser does."""
    form = {"email": email, "lang": "de", "kind": [kind.value for kind in NewsKind], "region": regions or ("114009",)}
    async with httpx.AsyncClient(base_url=notify.http, timeout=30) as browser:
        return await browser.post("/subscribe", data=form | fields)


async def visit(notify: Started, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=notify.http, timeout=30) as browser:
        return await browser.request(method, path, **options)


async def a_follower(notify: Started, mails: MailServer, *regions: str, **fields: Any) -> str:
    """Someone who has signed up and confirmed; answers the address."""
    email = f"{new_id()}@example.org"
    assert (await sign_up(notify, email, *regions, **fields)).status_code == 200
    mail = await mails.mail_to(email)
    assert (await visit(notify, link_in(mail), "POST")).status_code == 200
    return email
