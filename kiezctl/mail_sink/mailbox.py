"""The mailbox: one `.eml` file a message, found again after any restart."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from itertools import islice
from pathlib import Path
from threading import Lock

from uuid6 import uuid7


@dataclass(frozen=True)
class Attachment:
    """A part that is shown as a file; `number` counts a message's attachments from 0."""

    number: int
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A message as a person reads it; `sender` and `recipients` are those of the envelope."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    date: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...] = field(repr=False)


class Mailbox:
    """Messages in a folder, in the order in which they came: their ids sort by time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ids = sorted(path.stem for path in folder.glob("*.eml"))
        # One after the other: whoever pages by id must never see an older one appear behind.
        self._keeping = Lock()

    def keep(self, sender: str, recipients: list[str], content: bytes) -> str:
        """Store a message so that it survives a loss of power, and say its id; raises OSError when it cannot."""
        envelope = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in _envelope(sender, recipients))
        with self._keeping:
            id = str(uuid7())
            self._write(id, envelope.encode(errors="replace") + content)
            self._ids.append(id)
            return id

    def _write(self, id: str, content: bytes) -> None:
        draft = self._folder / f".{id}.new"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / f"{id}.eml")
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __len__(self) -> int:
        return len(self._ids)

    def newest(self, skip: int, count: int) -> tuple[Mail, ...]:
        """A page of messages, newest first."""
        return tuple(mail for id in islice(reversed(self._ids), skip, skip + count) if (mail := self.find(id)))

    def after(self, id: str, count: int) -> tuple[Mail, ...]:
        """Up to `count` messages that came after `id` ("" for all), oldest first."""
        later = (known for known in self._ids if known > id)
        return tuple(mail for known in islice(later, count) if (mail := self.find(known)))

    def raw(self, id: str) -> bytes | None:
        """The file as it lies there; None for an id that was never given."""
        path = self._folder / f"{id}.eml"
        return path.read_bytes() if id in self._ids and path.exists() else None

    def find(self, id: str) -> Mail | None:
        raw = self.raw(id)
        return None if raw is None else read_mail(id, raw)


def read_mail(id: str, raw: bytes) -> Mail:
    """Take a message apart; whatever is malformed is shown as far as it can be read."""
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    return Mail(
        id=id,
        sender=str(message.get("Return-Path", "")),
        recipients=tuple(str(value) for value in message.get_all("Delivered-To", [])),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
        attachments=tuple(_attachments(message)),
    )


def _envelope(sender: str, recipients: list[str]) -> Iterator[tuple[str, str]]:
    yield "Return-Path", sender
    for recipient in recipients:
        yield "Delivered-To", recipient


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return _text(part) if isinstance(part, EmailMessage) else ""


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(charset, errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    bodies = [message.get_body(("plain",)), message.get_body(("html",))]
    files = (part for part in message.walk() if not part.is_multipart() and not any(part is body for body in bodies))
    for number, part in enumerate(files):
        content = part.get_payload(decode=True)
        name = part.get_filename() or f"part-{number}.{part.get_content_subtype()}"
        yield Attachment(number, name, part.get_content_type(), content if isinstance(content, bytes) else b"")
