"""Berlin's region keys LOR 2021 (Lebensweltlich orientierte Räume): districts, forecast areas, district regions.

Keys are strings ("11", "1140", "114009"); a parent is a prefix. A planning area (8 digits) is accepted when its first
six are known; the table has no names for them. `CITY` ("00") is the whole city. Source: the key table of the Amt für
Statistik Berlin-Brandenburg, valid from 2021-01-01.
"""

import csv
from enum import StrEnum
from importlib.resources import files
from typing import Annotated

from chassis.fields import Check

VERSION = "2021"
CITY = "00"


class Level(StrEnum):
    """What a key names: Bezirk, Prognoseraum, Bezirksregion, Planungsraum."""

    CITY = "city"
    DISTRICT = "district"
    FORECAST_AREA = "forecast_area"
    DISTRICT_REGION = "district_region"
    PLANNING_AREA = "planning_area"


_LEVELS = {2: Level.DISTRICT, 4: Level.FORECAST_AREA, 6: Level.DISTRICT_REGION, 8: Level.PLANNING_AREA}


def _table() -> dict[str, str]:
    text = (files(__name__) / "lor-2021.csv").read_text(encoding="utf-8")
    return {row["key"]: row["name"] for row in csv.DictReader(text.splitlines())}


NAMES = _table()
_KEYS_BY_NAME: dict[str, tuple[str, ...]] = {}
for _key, _name in NAMES.items():
    _KEYS_BY_NAME[_name.casefold()] = (*_KEYS_BY_NAME.get(_name.casefold(), ()), _key)


def is_known(key: str) -> bool:
    """Whether `key` is the city, a key of the table, or a planning area inside a known district region."""
    if key == CITY or key in NAMES:
        return True
    return len(key) == 8 and key.isascii() and key.isdigit() and key[:6] in NAMES


def level(key: str) -> Level:
    return Level.CITY if key == CITY else _LEVELS[len(key)]


def name(key: str) -> str:
    """The name that people use; a planning area goes by its district region's."""
    return "Berlin" if key == CITY else NAMES[key[:6]]


def parent(key: str) -> str | None:
    """The next coarser key; of a district the city, of the city nothing."""
    if key == CITY:
        return None
    return key[:-2] if len(key) > 2 else CITY


def ancestors(key: str) -> tuple[str, ...]:
    """The key and all that it lies in, coarsest first: ("00", "11", "1140", "114009")."""
    return (CITY,) if key == CITY else (CITY, *(key[:n] for n in range(2, len(key) + 1, 2)))


def children(key: str) -> tuple[str, ...]:
    """The keys of the table directly below, in order."""
    return tuple(sorted(k for k in NAMES if parent(k) == key))


def within(key: str, outer: str) -> bool:
    """Whether `key` is `outer` or lies in it."""
    return outer in ancestors(key)


def find(text: str) -> tuple[str, ...]:
    """The keys whose name is `text`, whatever its case; a name may be a district's and a region's."""
    return _KEYS_BY_NAME.get(text.strip().casefold(), ())


def subject_tokens(key: str) -> tuple[str, str, str, str]:
    """District, forecast area, district region, planning area as in a subject: full keys, "0" where coarser."""
    if key == CITY:
        return (CITY, "0", "0", "0")
    district, area, region, planning = (key[:n] if len(key) >= n else "0" for n in (2, 4, 6, 8))
    return (district, area, region, planning)


Region = Annotated[str, Check(is_known, 'must be a LOR 2021 key ("11", "1140", "114009", "11400930") or "00"')]
OptionalRegion = Annotated[str, Check(lambda v: v == "" or is_known(v), "must be a LOR 2021 key or empty")]
