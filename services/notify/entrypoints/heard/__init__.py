"""From messages to letters: what of a message is told, to whom, and until when."""

from collections.abc import Mapping
from datetime import date, datetime

Told = str | int | date | datetime | None


def data(told: Mapping[str, Told]) -> dict[str, str]:
    """What a template needs, as strings: instants and days in ISO 8601, "" for nothing."""
    return {name: _string(value) for name, value in told.items()}


def _string(value: Told) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
