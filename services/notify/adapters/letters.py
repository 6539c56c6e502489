"""Writes letters: a template filled for one person in their language, as plain text and as HTML."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Template as JinjaTemplate

from chassis.pages import environment, words
from services.notify.adapters.calendar_entry import calendar_entry
from services.notify.domain.notification import Notification
from services.notify.domain.template import Lane, Template
from services.notify.usecases.ports import Contact, Letter

_PACKAGE = "services.notify"
_EMPTY_LINES = re.compile(r"\n{3,}")


class TemplateLetters:
    """`public_url` is where people reach the pages that letters link to."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def write(self, notification: Notification, to: Contact, at: datetime, token: str) -> Letter:
        person = to.person
        values = self._values(notification, to, token)
        file = f"{notification.template}.v{notification.template_version}.{person.language}.jinja"
        subject, text = self._rendered(file, person.language, values, html=False)
        _, html = self._rendered(file, person.language, values, html=True)
        return Letter(
            message_id=notification.id,
            to=person,
            at=at,
            subject=subject,
            text=text,
            html=html,
            language=person.language,
            calendar=calendar_entry(notification.data, at),
            unsubscribe_url=values["unsubscribe_url"],
            correlation_id=notification.trail.correlation_id,
        )

    def _values(self, notification: Notification, to: Contact, token: str) -> dict[str, str]:
        news = notification.lane is Lane.NEWS
        return {
            "cancel_url": "",
            "confirm_url": "",
            **notification.data,
            **to.links,
            "region": notification.region,
            "name": to.person.name,
            "public_url": self._public_url,
            "link": f"{self._public_url}/confirm/{token}",
            "unsubscribe_url": f"{self._public_url}/unsubscribe/{token}" if news else "",
            "reason": _reason(notification.template),
        }

    def _rendered(self, file: str, language: str, values: Mapping[str, str], *, html: bool) -> tuple[str, str]:
        """Subject and whole letter; both forms come from one template, and differ in its parts and its layout."""
        form = "html" if html else "txt"
        letters = environment(_PACKAGE, "letters", language, html=html)
        letters.filters |= {"kind_word": lambda kind: words(_PACKAGE, language)[f"kind_{kind}"], "rows": json.loads}
        parts = vars(letters.get_template(f"parts.{form}.jinja").module)
        template = letters.get_template(file)
        filled = {**values, **{name: parts[name] for name in ("p", "facts", "quote", "button")}}
        subject = " ".join(_block(template, "subject", filled).split())
        body = _block(template, "body", filled)
        if html:
            body = letters.filters["safe"](body)
            subject = letters.filters["safe"](subject)
        page = letters.get_template(f"layout.{form}.jinja").render(values, subject=subject, body=body)
        return subject, page if html else _EMPTY_LINES.sub("\n\n", page).replace(" \n", "\n").strip() + "\n"


def _block(template: JinjaTemplate, name: str, values: Mapping[str, Any]) -> str:
    context = template.new_context(dict(values))
    return "".join(template.blocks[name](context)).strip()


def _reason(template: Template) -> str:
    if template is Template.SUBSCRIPTION_CONFIRMATION:
        return "confirm_reason"
    return "news_reason" if template.lane is Lane.NEWS else "service_reason"
