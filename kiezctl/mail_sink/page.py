"""The sink's HTTP side: a page on which a person reads the mails, and the same as JSON for programs."""

import re
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kiezctl.mail_sink.mailbox import Mail, Mailbox

PAGE = 50
MOST = 500
# A mail's own HTML is shown in a frame without rights: it may neither run nor fetch anything.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'"
_templates = Environment(loader=PackageLoader("kiezctl.mail_sink"), autoescape=True, trim_blocks=True)


class Pages:
    """The routes over one mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def app(self) -> Starlette:
        routes = [
            Route("/", self.list),
            Route("/messages/{id}", self.show),
            Route("/messages/{id}/raw", self.raw),
            Route("/messages/{id}/attachments/{number:int}", self.attachment),
            Route("/api/messages", self.api),
        ]
        # A foreign page that resolves its own name to this machine does not get to read mails.
        return Starlette(
            routes=routes,
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        )

    async def list(self, request: Request) -> Response:
        page = _number(request, "page", 1, 1, 1_000_000)
        mails = self._mailbox.newest((page - 1) * PAGE, PAGE)
        more = len(self._mailbox) > page * PAGE
        return _html("list.html", mails=mails, page=page, more=more, total=len(self._mailbox))

    async def show(self, request: Request) -> Response:
        return _html("message.html", mail=self._mail(request))

    async def raw(self, request: Request) -> Response:
        raw = self._mailbox.raw(request.path_params["id"])
        if raw is None:
            raise HTTPException(404, "There is no such mail.")
        return Response(raw, media_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})

    async def attachment(self, request: Request) -> Response:
        number = request.path_params["number"]
        for attachment in self._mail(request).attachments:
            if attachment.number == number:
                headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
                return Response(attachment.content, media_type=attachment.media_type, headers=headers)
        raise HTTPException(404, "There is no such attachment.")

    async def api(self, request: Request) -> Response:
        """`page_size` (1 to 500), `page_token` (the id after which to go on); newest last."""
        size = _number(request, "page_size", PAGE, 1, MOST)
        mails = self._mailbox.after(request.query_params.get("page_token", ""), size)
        token = mails[-1].id if len(mails) == size else ""
        return JSONResponse({"messages": [_as_json(mail) for mail in mails], "next_page_token": token})

    def _mail(self, request: Request) -> Mail:
        mail = self._mailbox.find(request.path_params["id"])
        if mail is None:
            raise HTTPException(404, "There is no such mail.")
        return mail


def _html(template: str, **values: Any) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(_templates.get_template(template).render(**values), headers=headers)


def _as_json(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "date": mail.date,
        "text": mail.text,
        "html": mail.html,
        "headers": [[name, value] for name, value in mail.headers],
        "attachments": [
            {"number": part.number, "name": part.name, "media_type": part.media_type} for part in mail.attachments
        ],
    }


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (re.fullmatch("[0-9]{1,10}", value) and least <= int(value) <= most):
        raise HTTPException(400, f"{name} must be a number from {least} to {most}.")
    return int(value)
