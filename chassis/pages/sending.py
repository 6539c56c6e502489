"""How a page is sent: in which language, under which headers, and not again to whoever has it."""

import hashlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

LANGUAGES = ("de", "en")
# A page loads its style sheet and nothing else; nobody frames it.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
# The address of such a page is a secret.
PRIVATE = SAFE | {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
_STYLE = (files("chassis") / "pages" / "style.css").read_bytes()


def language_of(request: Request, asked: str = "") -> str:
    """What the reader asked for, or what the browser prefers; German when neither says."""
    wanted = asked or request.query_params.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def kept(request: Request, body: bytes, media_type: str, *, seconds: int, headers: dict[str, str]) -> Response:
    """What a reader may keep for so long; 304 to whoever has this very content already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    sent = headers | {"ETag": etag, "Cache-Control": f"public, max-age={seconds}"}
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


async def style(request: Request) -> Response:
    """The style sheet of all pages."""
    return kept(request, _STYLE, "text/css", seconds=3600, headers={"X-Content-Type-Options": "nosniff"})


def _has(if_none_match: str, etag: str) -> bool:
    return if_none_match.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
