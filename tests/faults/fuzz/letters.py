"""The bus: messages of every consumed type with junk in body and headers, written to NATS as no library would."""

import asyncio
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, get_args
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel

from chassis.envelope import Heard
from tests.faults.fuzz.pool import Pool
from tests.faults.fuzz.values import HOSTILE_TEXTS, REGIONS
from tests.support.city import Started

SEQUENCES = (
    "0", "-1", "1", "0000000002", "9999999999", "9223372036854775807", "9223372036854775808", "9" * 400, "9" * 5_000, "1e3", "",
    "١", "1_0", " 1 ", "0x1", "NaN", "1.0",
)  # fmt: skip
BODIES = (
    b"", b"null", b"[]", b"{", b'{"state": null}', b"\xff\xfe\x00", b'{"state": {"id": "\\ud800"}}', b"[" * 100_000, b'{"a":' * 20_000,
    b'{"state": NaN}', b'{"state": 1e999}', b"1" * 5_000, b'"x"', b'{"state": {}, "state": {}}', b"\x00", b"{}" * 9, b" " * 200_000,
)  # fmt: skip
TIMES = (
    "yesterday",
    "2027-01-01T00:00:00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "",
    "1e9",
    "2027-01-01T00:00:00+99:00",
)
RAW_HEADERS = (
    b"", b"\xff\xfe: \xff", b"no colon", b": empty", b"a" * 900 + b": b", b"x-$where.a: b", b"x\0y: z", b"folded: a\r\n b", b"X: " + b"y" * 60_000,
    b"Status: 404", b"Nats-Expected-Stream: NONE", b"traceparent: \xff\x00junk", b"content-type: text/html; charset=\xff",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    2**63,
    1e308,
    math.nan,
    True,
    [],
    {},
    [None] * 2_000,
    {"a": {"b": {}}},
    "2027-13-45",
    "9999-12-31",
    "x" * 100_000,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: who hears it, and all of its bytes."""

    subject: str
    headers: bytes
    body: bytes


class Post:
    """Writes junk for everything that the services hear."""

    def __init__(self, nats_url: str, services: dict[str, Started], pool: Pool, seed: str) -> None:
        self._place, self._pool, self._seed = urlsplit(nats_url), pool, seed
        streams = [stream for started in services.values() for stream in started.running.service.heard]
        models = {ear.model.type: ear.model for stream in streams for ear in stream.ears}
        self.models = [models[name] for name in sorted(models)]
        self._ids: list[str] = []

    def make(self, number: int) -> Letter:
        random = Random(f"{self._seed}:letter:{number}")
        model = random.choice(self.models)
        _, owner, version, fact = model.type.split(".")
        subject = f"kiez.{random.choice(('pub', 'int'))}.{owner}.{version}.{fact}.{random.choice(('11.1140.114009.0', '00.0.0.0', 'zz', '$.€'))}"
        return Letter(subject, self._headers(random, model), self._body(random, model))

    def _headers(self, random: Random, model: type[Heard]) -> bytes:
        id = (
            random.choice(self._ids[-50:])
            if self._ids and random.random() < 0.1
            else str(UUID(int=random.getrandbits(128)))
        )
        self._ids = [*self._ids[-200:], id]
        told = {
            "ce-id": id,
            "ce-type": model.type,
            "ce-subject": self._pool.id_for(random, random.choice(("actor_id", "round_id", "x_id")))
            or str(UUID(int=random.getrandbits(128))),
            "ce-time": datetime.now(UTC).isoformat(),
            "ce-sequence": f"{random.randrange(1, 40):010}",
            "ce-correlationid": str(UUID(int=random.getrandbits(128))),
        }
        if random.random() < 0.4:
            self._spoil(random, told)
        lines = [f"{name}: {value}".encode("utf-8", "replace") for name, value in told.items()]
        lines += [random.choice(RAW_HEADERS)] if random.random() < 0.15 else []
        first = random.choice((*(b"NATS/1.0",) * 50, b"NATS/1.0 100 Idle Heartbeat", b"NATS/1.0 \xff\xff\xff \xff"))
        return first + b"\r\n" + b"".join(line + b"\r\n" for line in lines if line) + b"\r\n"

    def _spoil(self, random: Random, told: dict[str, str]) -> None:
        name = random.choice(list(told))
        texts = [text for text in HOSTILE_TEXTS if "\r" not in text and "\n" not in text]
        usual = {"ce-sequence": SEQUENCES, "ce-time": TIMES}.get(name, (*texts, "z" * 300, "z" * 50_000))
        if random.random() < 0.2:
            del told[name]
        else:
            told[name] = random.choice(usual)

    def _body(self, random: Random, model: type[Heard]) -> bytes:
        if random.random() < 0.2:
            return random.choice(BODIES)
        nerve = random.choice((0.0, 0.0, 0.1, 0.4))
        told = self._part(random, model, nerve)
        text = json.dumps(told, default=str)
        data = text.encode("utf-8", "surrogatepass")
        if random.random() < 0.05:
            place = random.randrange(len(data))
            data = data[:place] + random.randbytes(3) + data[place:]
        return data[: 900 * 1024]

    def _part(self, random: Random, model: type[BaseModel], nerve: float) -> dict[str, Any]:
        return {
            name: self._value(random, name, field.annotation, nerve)
            for name, field in model.model_fields.items()
            if random.random() > nerve / 3
        }

    def _value(self, random: Random, name: str, annotation: Any, nerve: float) -> Any:
        if random.random() < nerve:
            return random.choice((*VALUES, random.choice(HOSTILE_TEXTS), "\ud800"))
        inner = [part for part in get_args(annotation) if part not in (type(None), ...)]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._part(random, annotation, nerve)
        if isinstance(annotation, type):
            plain = {int: 5_000, bool: True, datetime: "2027-03-01T10:00:00Z"}
            return plain.get(annotation) or self._text(random, name)
        return (
            [self._value(random, name, inner[0], nerve)]
            if str(annotation).startswith("tuple")
            else self._value(random, name, inner[0], nerve)
        )

    def _text(self, random: Random, name: str) -> str:
        if "region" in name:
            return random.choice((*REGIONS, "zz", "9", "114009 "))
        if name.endswith(("_on", "_day")):
            return "2027-03-01"
        if name == "id" or name.endswith(("_id", "_ref")):
            return self._pool.id_for(random, name) or str(UUID(int=random.getrandbits(128)))
        return {"status": "active", "kind": "association", "visibility": "public", "because": ""}.get(name, f"{name} ä")

    async def send(self, letters: list[Letter]) -> None:
        """Publish on a bare connection; returns when the server has them all."""
        reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port)
        writer.write(b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n')
        for letter in letters:
            sizes = f"{len(letter.headers)} {len(letter.headers) + len(letter.body)}"
            writer.write(f"HPUB {letter.subject} {sizes}\r\n".encode() + letter.headers + letter.body + b"\r\n")
        writer.write(b"PING\r\n")
        while (line := await reader.readline()) and not line.startswith(b"PONG"):
            assert not line.startswith(b"-ERR"), line
        writer.close()
