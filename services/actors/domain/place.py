"""Where an actor is found and when: addresses, and opening hours by the week."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import Check, Line, OptionalLine
from lor import Region

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")

PostalCode = Annotated[str, Check(lambda v: re.fullmatch(r"[0-9]{5}", v) is not None, "must be five digits")]
TimeOfDay = Annotated[str, Check(lambda v: _TIME.fullmatch(v) is not None, 'must be a time such as "09:30" or "24:00"')]


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in WGS 84 degrees."""

    latitude: Annotated[float, Ge(-90), Le(90)]
    longitude: Annotated[float, Ge(-180), Le(180)]


@dataclass(frozen=True, slots=True)
class Address:
    """A house that people can go to. `region` is its own LOR key, which may differ from the actor's."""

    street: Line
    postal_code: PostalCode
    city: Line
    region: Region
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class OpeningSlot:
    """From `opens` to `closes` on one day of the week, in Berlin's local time."""

    weekday: Weekday
    opens: TimeOfDay
    closes: TimeOfDay

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("must close after it opens")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The usual week; `by_appointment` where someone may come at other times when agreed (nach Vereinbarung)."""

    slots: Annotated[tuple[OpeningSlot, ...], MaxLen(50)] = ()
    by_appointment: bool = False
    note: OptionalLine = ""
