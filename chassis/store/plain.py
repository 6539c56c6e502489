"""What a record holds, as the driver takes it: enums by their values, days as text, tuples as lists."""

from datetime import date, datetime
from enum import Enum
from typing import Any

# Most of what a record holds, told by one look.
_AS_IT_IS = frozenset({str, int, float, bool, type(None), datetime, bytes})


def plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, dict):
        # A call for each of the many leaves would be most of the time that writing takes.
        return {key: item if type(item) in _AS_IT_IS else plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [item if type(item) in _AS_IT_IS else plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value
