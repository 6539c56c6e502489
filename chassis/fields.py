"""Field types of commands and queries, checked where a request enters; use cases may name them, for no framework is in them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from annotated_types import Ge, Gt, Le, MaxLen, MinLen

_CHECKED_BEFORE: ContextVar[bool] = ContextVar("checked before", default=False)


@contextmanager
def checked_before() -> Iterator[None]:
    """Types that are built in the block leave out every Check: what a store gives back was checked when it came in, and
    stays readable when a rule becomes stricter.
    """
    before = _CHECKED_BEFORE.set(True)
    try:
        yield
    finally:
        _CHECKED_BEFORE.reset(before)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of a field: `says` is what the person reads whose value fails `test`."""

    test: Callable[[Any], bool]
    says: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        if _CHECKED_BEFORE.get():
            return handler(source)
        from pydantic_core import core_schema  # noqa: PLC0415 - the edge has it; whoever names a field need not

        def check(value: Any) -> Any:
            if not self.test(value):
                raise ValueError(self.says)
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# In the form in which mail servers know it: the local part is ASCII, the domain as in IDNA.
_MAIL = re.compile(r"[^\s@<>\"(),;:\\]{1,64}@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


def _is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None


def _is_mail(value: str) -> bool:
    local, _, domain = value.rpartition("@")
    try:
        known = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return False
    return known.isascii() and known.isprintable() and _MAIL.fullmatch(known) is not None


def _is_line(value: str) -> bool:
    return value.isprintable() and bool(value.strip())


def _is_keyword(value: str) -> bool:
    return value == value.casefold().strip() and value.isprintable() and 0 < len(value) <= 60


def _is_https(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme == "https" and bool(parts.hostname) and value.isprintable() and " " not in value


Id = Annotated[str, Check(_is_id, "must be an id (a UUID in lower case)")]
OptionalId = Annotated[str, Check(lambda v: v == "" or _is_id(v), "must be an id (a UUID in lower case) or empty")]
Line = Annotated[str, MinLen(1), MaxLen(200), Check(_is_line, "must be one printable line that is not blank")]
OptionalLine = Annotated[str, MaxLen(200), Check(str.isprintable, "must be one printable line")]
Keyword = Annotated[str, Check(_is_keyword, 'must be a word in lower case, such as "jugend"')]
Text = Annotated[str, MinLen(1), MaxLen(10_000)]
OptionalText = Annotated[str, MaxLen(10_000)]
Cents = Annotated[int, Gt(0), Le(10**12)]
CentsOrZero = Annotated[int, Ge(0), Le(10**12)]
Year = Annotated[int, Ge(2000), Le(2200)]
Day = Annotated[date, Check(lambda d: 2000 <= d.year <= 2200, "must be a day between 2000 and 2200")]
HttpsUrl = Annotated[str, MaxLen(2_000), Check(_is_https, "must be an https address")]
Email = Annotated[str, MaxLen(254), Check(_is_mail, "must be a mail address, without umlauts before its @")]
Sha256 = Annotated[
    str, Check(lambda v: re.fullmatch(r"[0-9a-f]{64}", v) is not None, "must be a SHA-256 in 64 lower-case hex digits")
]
PageSize = Annotated[int, Ge(0), Le(500)]
PageToken = Annotated[str, MaxLen(2_000)]
