"""The evidence: all messages, rows and mails that there are, read by means of its own."""

import asyncio
import email
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import nats
from nats.js.api import ConsumerConfig, DeliverPolicy
from pymongo import MongoClient

SERVICES = ("actors", "funds", "events", "notify")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Places:
    """Where to read: the NATS server with its login, the URI of each store, the folder in which the mail sink keeps its mails."""

    nats: str
    stores: Mapping[str, str]
    mail: Path
    login: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A copy as it lies in a stream."""

    stream: str
    number: int
    id: str
    fact: str
    aggregate: str
    sequence: int
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """All that there is: first copies of all messages in order, later copies, rows by service and collection, mails."""

    messages: tuple[Message, ...]
    copies: tuple[Message, ...]
    rows: Mapping[str, Mapping[str, tuple[Row, ...]]]
    mails: Mapping[str, int]

    def of(self, *facts: str) -> Iterator[Message]:
        return (message for message in self.messages if message.fact in facts)


def at_path(row: Row, path: str) -> Any:
    """The value at "form.title"; None where there is none."""
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


async def gather(places: Places) -> Evidence:
    copies = [message for service in SERVICES for message in await _stream(places, service.upper())]
    firsts: dict[str, Message] = {}
    later = []
    for message in copies:
        if message.id in firsts:
            later.append(message)
        else:
            firsts[message.id] = message
    rows = {name: await asyncio.to_thread(_rows, places.stores[name], name) for name in SERVICES}
    return Evidence(tuple(firsts.values()), tuple(later), rows, _mail_ids(places.mail))


async def _stream(places: Places, stream: str) -> list[Message]:
    client = await nats.connect(places.nats, connect_timeout=3, **places.login)
    try:
        js = client.jetstream(timeout=5)
        end = (await js.stream_info(stream)).state
        found: list[Message] = []
        config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
        subscription = await js.subscribe("kiez.>", stream=stream, ordered_consumer=True, config=config)
        while end.messages:
            message = await subscription.next_msg(timeout=10)
            headers = message.headers or {}
            number = message.metadata.sequence.stream
            fact = headers["ce-type"].rpartition(".")[2]
            order = int(headers["ce-sequence"])
            at = datetime.fromisoformat(headers["ce-time"])
            body = json.loads(message.data)
            found.append(Message(stream, number, headers["ce-id"], fact, headers["ce-subject"], order, at, body))
            if number >= end.last_seq:
                break
        return found
    finally:
        await client.close()


def _rows(uri: str, database: str) -> dict[str, tuple[Row, ...]]:
    with MongoClient[dict[str, Any]](uri, tz_aware=True, serverSelectionTimeoutMS=5000) as client:
        names = client[database].list_collection_names()
        return {name: tuple(client[database][name].find()) for name in names}


def _mail_ids(folder: Path) -> Counter[str]:
    ids: Counter[str] = Counter()
    for path in folder.glob("*.eml"):
        named = str(email.message_from_bytes(path.read_bytes()).get("Message-ID", path.name))
        ids[named.strip("<> ").partition("@")[0]] += 1
    return ids
