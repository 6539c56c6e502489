"""Shows a service's pages: a template in the reader's language, with the link to the other one."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

import lor
from chassis.pages.sending import PRIVATE, SAFE, kept
from chassis.pages.wording import environment

OTHER = {"de": "en", "en": "de"}


class Pages:
    """`public_url` is where readers reach the pages of `package`; its path, if any, is where links begin."""

    def __init__(self, package: str, public_url: str) -> None:
        self._package, self.public_url = package, public_url
        self.base = urlsplit(public_url).path

    def show(self, request: Request, name: str, language: str, status: int = 200, **values: Any) -> Response:
        """A page whose address may be a secret, or which is true for this moment only."""
        return Response(self._page(request, name, language, values), status, media_type="text/html", headers=PRIVATE)

    def publish(self, request: Request, name: str, language: str, *, seconds: int, **values: Any) -> Response:
        """A page for everyone, which may be kept for so long."""
        page = self._page(request, name, language, values).encode()
        headers = SAFE | {"Vary": "Accept-Language", "Content-Language": language}
        return kept(request, page, "text/html", seconds=seconds, headers=headers)

    def feed(self, name: str, language: str, **values: Any) -> Response:
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=300"}
        page = self._rendered(f"{name}.atom", language, values)
        return Response(page, media_type="application/atom+xml", headers=headers)

    def _page(self, request: Request, name: str, language: str, values: dict[str, Any]) -> str:
        other = OTHER[language]
        switch = f"?{request.url.include_query_params(lang=other).query}" if request.method == "GET" else ""
        return self._rendered(f"{name}.html", language, {"other": other, "switch": switch, **values})

    def _rendered(self, file: str, language: str, values: dict[str, Any]) -> str:
        template = environment(self._package, "pages", language, html=True).get_template(file)
        return template.render(base=self.base, public_url=self.public_url, **values)


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
