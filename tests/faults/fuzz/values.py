"""Values of proto fields by their descriptors: what an honest caller might send, and what an attacker would."""

import json
import math
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tests.faults.fuzz.pool import Pool

# Two libraries of stubs have a class of this name each.
Field = Any
INTEGERS = {FieldDescriptor.CPPTYPE_INT32: 32, FieldDescriptor.CPPTYPE_INT64: 64}
UNSIGNED = {FieldDescriptor.CPPTYPE_UINT32: 32, FieldDescriptor.CPPTYPE_UINT64: 64}
FLOATS = (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT)
TIMESTAMP = "google.protobuf.Timestamp"
REGIONS = ("00", "11", "1140", "114009", "11400930", "01", "010111")
HOSTILE_INTEGERS = (0, -1, 1, 2, 500, 501, 9_999, 10**12, 10**12 + 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
HOSTILE_FLOATS = (math.nan, math.inf, -math.inf, -0.0, 5e-324, 1e308, 90.0000001, -181.0, 52.5)
HOSTILE_TEXTS = (
    "", " ", "\0", "a\0b", "\n", "\r\nBcc: all@example.org", "\u202eevil", "\u200f\u200e", "\ufeff", "\ufffd", "\U0010ffff",
    "e\u0301" * 40, "ﷺ" * 60, "👩‍👩‍👧‍👦", "../../etc/passwd", "%00%ff", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>",
    "'; drop table grants; --", '{"$gt": ""}', "$where", "a.b.$c", "NaN", "null", "-1", "0x10", "1e999", "９９", "²",
    "0000-00-00", "2027-02-30", "9999-12-31", "0001-01-01", "10000-01-01", "2027-W01-1", "20270101", "24:00", "25:61",
    "https://[", "https://[::1", "https://\u2100.example", "https://a:99999999/", "https://user:pw@x", "javascript:alert(1)",
    "a@b", "a@b.c", "ä@ü.de", "a@" + "b." * 120 + "c", "<a@b.de>", "a@b.de\r\nX: y", "\u0130@\u0131.de", "x" * 64 + "@b.de",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "00", "99", "1", "000000000", "１１", "114009\n",
    "DE00000000000000000000", "DE89370400440532013000", "Europe/Berlin", "../UTC", "Etc/GMT+99", "localtime", "posixrules", "Europe",
    "2027" + "9" * 4_400, "02027" + "0" * 4_400, "bnVsbA==", "WzEsMl0=", "W1tbW1tb" * 250, "e30=", "____", "WyJhIiwgIlx1ZDgwMCJd",
)  # fmt: skip
HUGE = (200, 201, 255, 2_000, 9_999, 10_001, 20_000, 20_001, 70_000)
NAMED: dict[str, tuple[str, ...]] = {
    "email": ("kim@example.org", "anna.b@example.org"), "language": ("de", "en"), "time_zone": ("Europe/Berlin",),
    "postal_code": ("13051",), "opens": ("09:00",), "closes": ("17:00",), "iban": ("DE89370400440532013000",),
    "media_type": ("application/pdf",), "chapter": ("3320",), "phone": ("030 12345",), "legal_form": ("e. V.",),
    "topic": ("jugend", "umwelt"), "target_group": ("kinder",), "kind": ("material",), "scheme": ("lobbyregister",),
    "by": ("office",), "service": ("funds",),
}  # fmt: skip


class Values:
    """Fills messages. `nerve` is the chance that a field is hostile; `now` the calendar of the service."""

    def __init__(self, random: Random, pool: Pool, now: datetime, nerve: float) -> None:
        self._random, self._pool, self._now, self._nerve = random, pool, now, nerve

    def fill(self, message: Message, depth: int = 0) -> None:
        """Set the fields of a message by their types and names."""
        for descriptor in message.DESCRIPTOR.fields:
            usual = 0.97 if self._nerve == 0 else 0.85
            if self._random.random() < (0.1 if self._seldom(descriptor, depth) else usual):
                self.set(message, descriptor, depth)

    def _seldom(self, field: Field, depth: int) -> bool:
        return field.name in {"etag", "page_token", "tentative", "reverses"} or (depth > 1 and field.is_repeated)

    def set(self, message: Message, field: Field, depth: int = 0) -> None:
        """Give one field a value, or several."""
        if field.is_repeated:
            message.ClearField(field.name)
            self._extend(getattr(message, field.name), field, depth)
        elif field.message_type is not None:
            self._part(getattr(message, field.name), depth)
        else:
            setattr(message, field.name, self._scalar(field))

    def _extend(self, values: Any, field: Field, depth: int) -> None:
        count = self._random.choice((0, 1, 1, 2, 3))
        if self._is_hostile() and depth < 2:
            count = self._random.choice((0, 0, 3, 7, 7, 31, 201))
            if self._random.random() < 0.1:
                count = self._random.choice((999, 1_001))
        for _ in range(count):
            if field.message_type is not None:
                self._part(values.add(), depth + (2 if count > 7 else 0))
            else:
                values.append(self._scalar(field))

    def _part(self, part: Message, depth: int) -> None:
        part.SetInParent()
        if part.DESCRIPTOR.full_name == TIMESTAMP:
            part.seconds, part.nanos = self._instant()  # type: ignore[attr-defined]  # what a Timestamp has
        elif depth < 4:
            self.fill(part, depth + 1)

    def _is_hostile(self) -> bool:
        return self._random.random() < self._nerve

    def _scalar(self, field: Field) -> Any:
        kind = field.cpp_type
        if kind == FieldDescriptor.CPPTYPE_STRING:
            text = self._text(field.name)
            return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            return self._random.random() < 0.7
        if kind == FieldDescriptor.CPPTYPE_ENUM:
            return self._choice(field)
        if kind in FLOATS:
            return self._random.choice(HOSTILE_FLOATS) if self._is_hostile() else self._random.choice((52.5, 13.4))
        return self._integer(field)

    def _choice(self, field: Field) -> int:
        if self._is_hostile():
            return self._random.choice((-1, 0, 99, 2**31 - 1, -(2**31)))
        return self._random.choice([int(value.number) for value in field.enum_type.values])

    def _integer(self, field: Field) -> int:
        if self._is_hostile():
            bits = INTEGERS.get(field.cpp_type) or UNSIGNED[field.cpp_type]
            low, high = (0, 2**bits - 1) if field.cpp_type in UNSIGNED else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
            return int(min(max(self._random.choice(HOSTILE_INTEGERS), low), high))
        if field.name.endswith("_cents"):
            return self._random.choice((1, 100, 10_000, 50_000, 80_000, 123_456))
        if field.name.endswith("percent"):
            return self._random.choice((0, 50, 66, 100))
        if field.name == "year":
            return self._now.year + self._random.choice((0, 1, 1, 1))
        return self._random.choice((1, 1, 2, 3, 5, 15, 30))

    def _instant(self) -> tuple[int, int]:
        if self._is_hostile():
            edges = (-62_135_596_801, -62_135_596_800, 253_402_300_799, 253_402_300_800, 2**63 - 1, -(2**63), 0, -1)
            return self._random.choice(edges), self._random.choice((0, -1, 999_999_999, 2**31 - 1))
        later = self._now + timedelta(hours=self._random.choice((-24, 1, 2, 30, 100, 800, 2_000)))
        return int(later.timestamp()), 0

    def _text(self, name: str) -> str:
        if self._is_hostile():
            return self._hostile_text()
        singular = name.removesuffix("s")
        if name == "request_id":
            return str(UUID(int=self._random.getrandbits(128), version=4))
        if singular.endswith(("_id", "_ref")) or name in {"id", "etag", "durable", "sub"}:
            # Parked messages alone are asked for by a bare one.
            return self._pool.id_for(self._random, "parked_id" if name == "id" else name)
        if name == "page_token":
            token = self._pool.id_for(self._random, "next_page_token")
            return self._forged(token) if self._random.random() < 0.3 else token
        if singular in NAMED:
            return self._random.choice(NAMED[singular])
        return self._named_text(name)

    def _forged(self, token: str) -> str:
        """A page token with its own mark, for which anyone can read, and another place."""
        try:
            mark = json.loads(b64decode(token.encode(), b"-_"))[0]
        except (ValueError, IndexError, TypeError, KeyError):
            return token[:-1] + "x"
        place = self._random.choice(("", "\ud800", "a\0b", 1, None, {"$gt": ""}, ["a"], "x" * 900))
        return b64encode(json.dumps([mark, place]).encode(), b"-_").decode()

    def _named_text(self, name: str) -> str:
        if "region" in name:
            return self._random.choice(REGIONS)
        if name.endswith(("_on", "_day", "day", "date", "dated", "_by")):
            days = self._random.choice((-1, 0, 1, 5, 30, 90, 400))
            return (self._now.astimezone(UTC).date() + timedelta(days=days)).isoformat()
        if name.endswith(("url", "uri")):
            return "https://example.org/a"
        if "sha256" in name:
            return f"{self._random.getrandbits(256):064x}"
        return f"{name} {self._random.randrange(10**6)}"

    def _hostile_text(self) -> str:
        roll = self._random.random()
        if roll < 0.70:
            return self._random.choice(HOSTILE_TEXTS)
        if roll < 0.90:
            return self._random.choice(("x", "ß", "😀", "\u202e", "[", " ", "a.")) * self._random.choice(HUGE)
        return "".join(chr(self._point()) for _ in range(self._random.randrange(1, 40)))

    def _point(self) -> int:
        point = self._random.choice((0x7F, 0x3000, 0x110000))
        point = self._random.randrange(point)
        return point if not 0xD800 <= point < 0xE000 else 0x2028


def now_in_utc() -> datetime:
    return datetime.now(UTC)
