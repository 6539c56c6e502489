"""Signing up, confirming and leaving over HTTP, without a login and without JavaScript."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from chassis import codec
from chassis.http import status_of
from chassis.pages import Pages, districts, language_of, words
from chassis.ports import Caller, Transaction
from chassis.refusals import Exists, Invalid, Refusal
from chassis.store import Store
from lor import is_known
from services.notify.domain.subscriber import Subscriber
from services.notify.domain.subscription import NewsKind
from services.notify.usecases.subscriber import FollowLink, Subscribe, SubscriberUseCases

Behind = Callable[[FollowLink, Caller], Awaitable[Subscriber]]
Use = Callable[[Transaction, FollowLink, Caller], Awaitable[Subscriber]]

_PUBLIC = Caller()
_PACKAGE = "services.notify"
_FIELDS = 400


class SignUp:
    def __init__(self, use: SubscriberUseCases, store: Store, pages: Pages) -> None:
        self._use, self._store, self._pages = use, store, pages

    async def form(self, request: Request) -> Response:
        """The form; `?region=` (several allowed) chooses regions beforehand."""
        regions = tuple(key for key in request.query_params.getlist("region") if is_known(key))
        return self._form(request, language_of(request), "", regions, tuple(NewsKind), ())

    async def ask(self, request: Request) -> Response:
        """The same answer whether the address is known or not, and however often it was asked for."""
        form = await _fields(request)
        language = language_of(request, form.get("lang", [""])[0])
        email, regions = form.get("email", [""])[0].strip(), tuple(form.get("region", ()))
        kinds = tuple(form.get("kind", ()))
        try:
            command = codec.check(Subscribe, {"email": email, "language": language, "kinds": kinds, "regions": regions})
        except Invalid as invalid:
            wrong = sorted({field.split("[")[0] for field in invalid.fields})
            return self._form(request, language, email, regions, kinds, tuple(wrong))
        try:
            # Exists: the same address asked in the same instant, elsewhere; its mail is on the way.
            with suppress(Exists):
                await self._store.transact(lambda tx: self._use.ask_subscription(tx, command, _PUBLIC))
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.show(request, "asked", language)

    async def confirm_page(self, request: Request) -> Response:
        return await self._look(request, self._use.behind_confirm_link, "confirm")

    async def confirm(self, request: Request) -> Response:
        return await self._follow(request, self._use.confirm_subscription, "confirmed")

    async def unsubscribe_page(self, request: Request) -> Response:
        return await self._look(request, self._use.behind_unsubscribe_link, "unsubscribe")

    async def unsubscribe(self, request: Request) -> Response:
        """The button of the page, and what mail programs send by themselves (RFC 8058); the body says nothing more."""
        return await self._follow(request, self._use.unsubscribe, "unsubscribed")

    async def _look(self, request: Request, behind: Behind, page: str) -> Response:
        try:
            subscriber = await behind(_link(request), _PUBLIC)
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.show(request, page, _language(request, subscriber), **_following(subscriber))

    async def _follow(self, request: Request, use: Use, page: str) -> Response:
        try:
            link = _link(request)
            subscriber = await self._store.transact(lambda tx: use(tx, link, _PUBLIC))
        except Refusal as refusal:
            return self._refused(request, refusal)
        return self._pages.show(request, page, _language(request, subscriber), **_following(subscriber))

    def _form(
        self,
        request: Request,
        language: str,
        email: str,
        regions: tuple[str, ...],
        kinds: tuple[str, ...],
        wrong: tuple[str, ...],
    ) -> Response:
        return self._pages.show(
            request,
            "subscribe",
            language,
            400 if wrong else 200,
            email=email,
            regions=regions,
            kinds=kinds,
            all_kinds=tuple(NewsKind),
            districts=districts(regions),
            wrong=wrong,
        )

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        language = language_of(request)
        sentence = refusal.reason if refusal.reason in words(_PACKAGE, language) else "refused_else"
        return self._pages.show(request, "refused", language, status_of(refusal), sentence=sentence)


async def _fields(request: Request) -> dict[str, list[str]]:
    """The fields of a form as browsers send it."""
    try:
        return parse_qs((await request.body()).decode(), max_num_fields=_FIELDS)
    except ValueError:
        raise Invalid("UNREADABLE_FORM", "Send the form as the page does.") from None


def _link(request: Request) -> FollowLink:
    return codec.check(FollowLink, {"token": request.path_params["token"]})


def _language(request: Request, subscriber: Subscriber) -> str:
    spoken = subscriber.asked.language if subscriber.asked else subscriber.language
    return language_of(request, request.query_params.get("lang", "") or spoken)


def _following(subscriber: Subscriber) -> dict[str, Any]:
    asked = subscriber.asked.subscriptions if subscriber.asked else ()
    return {"subscriptions": asked or subscriber.subscriptions}
