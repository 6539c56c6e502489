"""The terms of a calendar event: its choices, and the field types in which requests give them."""

import re
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from annotated_types import Ge, Le

from chassis.fields import Check

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


Instant = Annotated[datetime, Check(lambda v: 2000 <= v.year <= 2200, "must be between the years 2000 and 2200")]
TimeZone = Annotated[str, Check(lambda v: v in _time_zones(), 'must be a time zone such as "Europe/Berlin"')]
LanguageTag = Annotated[
    str, Check(lambda v: _TAG.fullmatch(v) is not None, 'must be a language tag such as "de" or "en"')
]
Capacity = Annotated[int, Ge(0), Le(100_000)]
Seats = Annotated[int, Ge(1), Le(50)]


class EventKind(StrEnum):
    """Konferenz, Fachtag, Fest, Vortrag, Runder Tisch, Kiezspaziergang, Jurysitzung, Gremiensitzung, Sprechstunde, Kurs, Frist."""

    CONFERENCE = "conference"
    EXPERT_DAY = "expert_day"
    FESTIVAL = "festival"
    TALK = "talk"
    ROUND_TABLE = "round_table"
    WALK = "walk"
    JURY_SESSION = "jury_session"
    COMMITTEE_MEETING = "committee_meeting"
    OFFICE_HOURS = "office_hours"
    COURSE = "course"
    DEADLINE = "deadline"
    OTHER = "other"


class EventStatus(StrEnum):
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class EventVisibility(StrEnum):
    """Who sees it: everybody; whoever holds a role; its organiser and the region's coordinators. Fixed from the first draft."""

    PUBLIC = "public"
    MEMBERS = "members"
    INTERNAL = "internal"


class RegistrationMode(StrEnum):
    """Whether people register (Anmeldung): not at all, or for each date."""

    NONE = "none"
    PER_DATE = "per_date"
