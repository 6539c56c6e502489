"""The mailroom: reads, over HTTP, what the mail sink has kept for the people of the story; ours, or MailDev."""

import re
from dataclasses import dataclass

import httpx

DOMAIN = "neu-lichtenberg.example"


@dataclass(frozen=True)
class Letter:
    """A mail as it arrived."""

    id: str
    to: tuple[str, ...]
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...]
    media_types: tuple[str, ...]

    def link(self, path: str) -> str:
        """The first link whose path begins so ("/confirm/"); empty when there is none."""
        found = re.search(rf"https?://[^\s/]+{re.escape(path)}[^\s>]+", self.text)
        return found[0] if found else ""


class Mailroom:
    """Reads on from where it began, so that mails of an earlier performance do not count."""

    def __init__(self, page: str, client: httpx.AsyncClient) -> None:
        self._page, self._client = page, client
        self._last = ""
        self._known: set[str] = set()
        self.letters: list[Letter] = []

    async def begin(self) -> None:
        """Pass over what lies there already."""
        await self.read()
        self.letters.clear()

    async def read(self) -> list[Letter]:
        """All letters since the beginning."""
        while True:
            query = {"page_size": "500", "page_token": self._last}
            answer = await self._client.get(f"{self._page}/api/messages", params=query)
            if answer.status_code == httpx.codes.NOT_FOUND:
                return await self._read_maildev()
            answer.raise_for_status()
            messages = answer.json()["messages"]
            if not messages:
                return self.letters
            self._last = messages[-1]["id"]
            self.letters.extend(_letter(message) for message in messages)

    async def _read_maildev(self) -> list[Letter]:
        """MailDev gives all that it has each time."""
        answer = await self._client.get(f"{self._page}/api/email")
        answer.raise_for_status()
        new = [mail for mail in answer.json() if mail["id"] not in self._known]
        self._known |= {mail["id"] for mail in new}
        self.letters.extend(_letter_of_maildev(mail) for mail in new)
        return self.letters

    async def to(self, address: str) -> list[Letter]:
        return [letter for letter in await self.read() if address in letter.to]


def _letter(message: dict) -> Letter:  # type: ignore[type-arg]  # JSON
    return Letter(
        id=message["id"],
        to=tuple(message["to"]),
        subject=message["subject"],
        text=message["text"],
        headers=tuple((name, value) for name, value in message["headers"]),
        media_types=tuple(part["media_type"] for part in message["attachments"]),
    )


def _letter_of_maildev(mail: dict) -> Letter:  # type: ignore[type-arg]  # JSON
    return Letter(
        id=mail["id"],
        to=tuple(to["address"] for to in mail["to"]),
        subject=mail["subject"],
        text=mail.get("text", ""),
        headers=tuple((name.title().replace("-Id", "-ID"), str(value)) for name, value in mail["headers"].items()),
        media_types=tuple(part.get("contentType", "") for part in mail.get("attachments", ())),
    )


def address(key: str) -> str:
    """The mail address of somebody in the story."""
    return f"{key}@{DOMAIN}"
