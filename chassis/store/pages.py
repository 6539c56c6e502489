"""Keyset pages: a token that names the last item seen and holds for one filter, order and caller alone."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.ports import PageRequest
from chassis.refusals import Invalid

USUAL, MOST = 50, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How one page is read: the query, the order, the size, and the mark that its tokens carry."""

    query: dict[str, Any]
    field: str
    direction: int
    size: int
    mark: str

    @classmethod
    def of(cls, collection: str, filter: dict[str, Any], request: PageRequest, order: str) -> "Plan":
        """Refuses a token that was made for another list."""
        field, direction = (order[1:], -1) if order.startswith("-") else (order, 1)
        bound = json.dumps([collection, filter, order, request.scope], sort_keys=True, default=datetime.isoformat)
        mark = hashlib.sha256(bound.encode()).hexdigest()[:16]
        size = min(request.page_size or USUAL, MOST)
        query = dict(filter)
        if request.page_token:
            after = _read(request.page_token, mark)
            query[field] = {**_as_condition(query.get(field)), "$gt" if direction == 1 else "$lt": after}
        return cls(query, field, direction, size, mark)

    def token_after(self, document: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.mark, document[self.field]]).encode()).decode()


def _as_condition(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"$eq": value}


def _read(token: str, mark: str) -> str:
    try:
        found, after = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        found, after = "", ""
    if found != mark or not isinstance(after, str) or not _is_unicode(after):
        raise Invalid(
            "PAGE_TOKEN_MISMATCH",
            "This page token belongs to another list; begin again without it.",
            fields={"page_token": "belongs to another filter, order or caller"},
        )
    return after


def _is_unicode(text: str) -> bool:
    # JSON can hold half of a surrogate pair, the store cannot.
    return not any("\ud800" <= c <= "\udfff" for c in text)
