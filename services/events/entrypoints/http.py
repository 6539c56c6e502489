"""Over HTTP: the public calendar feeds, and the pages behind secret links."""

import asyncio
from datetime import UTC
from email.utils import format_datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

import lor
from chassis.codec import check
from chassis.http import LinkRoute, status_of
from chassis.pages import kept
from chassis.refusals import Refusal
from chassis.store import Store, StoreTransaction
from services.events.domain.secret_link import LinkPurpose
from services.events.entrypoints.ical import calendar_text
from services.events.entrypoints.pages import failure_page, registration_page
from services.events.usecases import UseCases
from services.events.usecases.feed import ReadFeed
from services.events.usecases.secret_link import OwnRegistration

FILTERS = ("kind", "organiser", "topic")
NO_REGION = "There is no region of this key; use a LOR 2021 key such as 11 or 114009, or 00 for all of Berlin."
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}


def routes(do: UseCases, store: Store, public_url: str) -> list[Route]:
    return [
        Route("/calendar/{region}.ics", partial(_feed, do, public_url)),
        # A GET changes nothing: scanners of mails follow every link.
        *(
            LinkRoute(
                f"/registrations/{purpose}/{{secret}}", partial(_link, do, store, purpose), methods=["GET", "POST"]
            )
            for purpose in LinkPurpose
        ),
    ]


async def _feed(do: UseCases, public_url: str, request: Request) -> Response:
    region = request.path_params["region"]
    if not lor.is_known(region):
        return _sentence(NO_REGION, 404)
    given = {name: request.query_params[name].casefold() for name in FILTERS if request.query_params.get(name)}
    try:
        events = await do.feeds.read_feed(check(ReadFeed, {"region": region, **given}))
    except Refusal as refusal:
        return _sentence(refusal.sentence, status_of(refusal))
    address = f"{public_url}{request.url.path}" + (f"?{request.url.query}" if given else "")
    # In a thread: thousands of entries take longer to write than other calls should wait.
    body = await asyncio.to_thread(calendar_text, f"Kiezkalender {lor.name(region)}", address, events)
    changed = max((event.updated_at for event in events), default=None)
    headers = {"Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)} if changed else {}
    return kept(request, body, "text/calendar; charset=utf-8", seconds=300, headers=headers)


async def _link(do: UseCases, store: Store, purpose: LinkPurpose, request: Request) -> Response:
    secret = request.path_params["secret"]
    posted = request.method == "POST"
    try:
        own = await (_use(do, store, purpose, secret) if posted else do.secret_links.look(purpose, secret))
    except Refusal as refusal:
        return HTMLResponse(failure_page(refusal), status_of(refusal), PRIVATE)
    return HTMLResponse(registration_page(purpose, own, done=posted), headers=PRIVATE)


async def _use(do: UseCases, store: Store, purpose: LinkPurpose, secret: str) -> OwnRegistration:
    async def work(tx: StoreTransaction) -> OwnRegistration:
        return await do.secret_links.use(tx, purpose, secret)

    return await store.transact(work, locks=(await do.secret_links.event_of(secret),))


def _sentence(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status)
