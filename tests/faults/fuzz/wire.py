"""Broken bytes: what no serializer writes."""

from collections.abc import Callable
from random import Random


def broken(random: Random, data: bytes) -> bytes:
    """`data` after one to four injuries."""
    for _ in range(random.choice((1, 1, 2, 4))):
        data = random.choice(_INJURIES)(random, data)
    return data[: 5 * 1024 * 1024]


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _flip(random: Random, data: bytes) -> bytes:
    if not data:
        return b"\x07"
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]


def _insert(random: Random, data: bytes) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.randbytes(random.randrange(1, 20)) + data[place:]


def _retype(random: Random, data: bytes) -> bytes:
    # The tag of a first field keeps its number and gets another wire type, 6 and 7 among them.
    return bytes([(data[0] & 0xF8) | random.randrange(8)]) + data[1:] if data else b"\x0f"


def _unknown(random: Random, data: bytes) -> bytes:
    return data + random.choice(
        (b"\xf8\xff\xff\xff\x0f\x01", b"\xc2\x3e\x03abc", b"\xc0\x3e\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
    )


def _groups(random: Random, data: bytes) -> bytes:
    return data + b"\xc3\x3e" * random.choice((1, 50, 101, 5_000)) + b"\xc4\x3e" * random.choice((0, 1, 50, 5_000))


def _nested(random: Random, data: bytes) -> bytes:
    # Each level is field n with all that follows as its content; lengths are honest as far as they fit.
    inner, tag = b"\x0a\x00", bytes([random.randrange(1, 16) << 3 | 2])
    for _ in range(random.choice((20, 99, 101, 400))):
        inner = tag + _varint(len(inner)) + inner
    return data + inner


def _overlong(random: Random, data: bytes) -> bytes:
    return data + bytes([random.randrange(1, 16) << 3]) + b"\xff" * random.choice((9, 10, 11, 40)) + b"\x01"


def _bad_text(random: Random, data: bytes) -> bytes:
    text = random.choice((b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xf0\x9f"))
    return data + bytes([random.randrange(1, 16) << 3 | 2, len(text)]) + text


def _lying_length(random: Random, data: bytes) -> bytes:
    return (
        data + bytes([random.randrange(1, 16) << 3 | 2]) + _varint(random.choice((127, 2**21, 2**31 - 1, 2**32, 2**63)))
    )


def _zero_field(random: Random, data: bytes) -> bytes:
    return data + random.choice((b"\x00\x01", b"\x02\x01a", b"\x05\x00\x00\x00\x00"))


def _huge(random: Random, data: bytes) -> bytes:
    size = random.choice((100_000, 1_000_000, 4_000_000, 4 * 1024 * 1024 + 1)) if random.random() < 0.2 else 30_000
    return data + bytes([random.randrange(1, 8) << 3 | 2]) + _varint(size) + b"y" * size


def _again(random: Random, data: bytes) -> bytes:
    return data * random.choice((2, 3, 40)) if len(data) < 10_000 else data


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


_INJURIES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _cut, _cut, _flip, _flip, _insert, _retype, _unknown, _groups, _nested, _overlong, _bad_text, _lying_length, _zero_field,
    _huge, _again,
)  # fmt: skip
