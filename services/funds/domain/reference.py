"""A reference: the paper (Drucksache, Beschluss, law) on which money or a decision rests."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from annotated_types import MaxLen

from chassis.fields import Check, Line, OptionalLine


class ReferenceKind(StrEnum):
    PRINTED_PAPER = "printed_paper"
    RESOLUTION = "resolution"
    LAW = "law"


def _is_address_or_empty(value: str) -> bool:
    return value == "" or (urlsplit(value).scheme == "https" and bool(urlsplit(value).hostname) and value.isprintable())


@dataclass(frozen=True, slots=True)
class Reference:
    """`body` is who passed it; `uri` is an https address or empty."""

    kind: ReferenceKind
    number: Line
    body: OptionalLine = ""
    dated: date | None = None
    uri: Annotated[str, MaxLen(2_000), Check(_is_address_or_empty, "must be an https address or empty")] = ""
