"""Shows pages: a template in the reader's language, with headers that keep secret links secret."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

import lor
from services.notify.domain.language import Language
from services.notify.templates import environment

_LANGUAGES = frozenset(language.value for language in Language)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def language_of(request: Request, asked: str = "") -> Language:
    """What the reader asked for, or what the browser prefers; German when neither says."""
    wanted = asked or request.query_params.get("lang", "")
    if wanted in _LANGUAGES:
        return Language(wanted)
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in _LANGUAGES:
            return Language(tag)
    return Language.DE


class Pages:
    """`public_url` is where readers reach the pages; its path, if any, is where links begin."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._base = urlsplit(public_url).path

    def show(self, request: Request, name: str, language: Language, status: int = 200, **values: Any) -> Response:
        other = Language.EN if language is Language.DE else Language.DE
        switch = str(request.url.include_query_params(lang=other.value).query) if request.method == "GET" else ""
        page = self._rendered(f"{name}.html", language, other=other, switch=f"?{switch}" if switch else "", **values)
        return Response(page, status, media_type="text/html", headers=_HEADERS)

    def feed(self, name: str, language: Language, **values: Any) -> Response:
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=300"}
        page = self._rendered(f"{name}.atom", language, **values)
        return Response(page, media_type="application/atom+xml", headers=headers)

    def _rendered(self, file: str, language: Language, **values: Any) -> str:
        template = environment("pages", language, html=True).get_template(file)
        return template.render(base=self._base, public_url=self._public_url, **values)


@cache
def _districts() -> tuple[dict[str, Any], ...]:
    return tuple(
        {"key": key, "name": lor.name(key), "regions": tuple(_regions_of(key))} for key in lor.children(lor.CITY)
    )


def _regions_of(district: str) -> Iterator[dict[str, str]]:
    for area in lor.children(district):
        for key in lor.children(area):
            yield {"key": key, "name": lor.name(key)}


def districts(chosen: tuple[str, ...] = ()) -> tuple[dict[str, Any], ...]:
    """The districts with their regions, for choosing; those open in which something is chosen."""
    return tuple({**d, "open": any(key.startswith(d["key"]) for key in chosen)} for d in _districts())
