"""A piece of work: somebody wants news; and a subscriber who hears of every award."""

import asyncio
import random
import re
import ssl
import time
import uuid
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any

import httpx

from tests.faults.ground import Ground
from tests.faults.people import OFFICE


async def news(ground: Ground, chance: random.Random) -> None:
    """Somebody asks for news and follows no link."""
    await _subscribe(ground, f"{uuid.uuid4().hex}@new.example", "NEWS_KIND_ROUNDS")


async def a_follower(ground: Ground, notify_http: str, mail: Path, trusted: ssl.SSLContext | bool) -> None:
    """Somebody who hears of every award."""
    address = f"{uuid.uuid4().hex[:12]}@residents.example"
    await _subscribe(ground, address, "NEWS_KIND_AWARDS")
    deadline = time.monotonic() + 60
    while not (link := _link_to(mail, address)):
        assert time.monotonic() < deadline, "the mail with the link did not come"
        await asyncio.sleep(0.1)
    path = re.sub(r"^https?://[^/]+", "", link)
    async with httpx.AsyncClient(verify=trusted) as web:
        answer = await web.post(f"{notify_http}{path}")
        answer.raise_for_status()


async def _subscribe(ground: Ground, address: str, kind: str) -> None:
    await ground.caller.ask(
        OFFICE, "notify.SubscriberService/Subscribe", email=address, language="LANGUAGE_EN", kinds=[kind],
        regions=["11"],
    )  # fmt: skip


def _link_to(folder: Path, address: str) -> str:
    for path in folder.glob("*.eml"):
        content = path.read_bytes()
        # To parse each of thousands would keep everything else waiting.
        if address.encode() not in content:
            continue
        mail = message_from_bytes(content, policy=modern)
        if address in f"{mail['Delivered-To']} {mail['To']}":
            found = re.search(r"https?://\S+/confirm/\S+", _text(mail))
            return found[0] if found else ""
    return ""


def _text(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())
