"""The date of a letter as an iCalendar object, for the reader's own calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime

from icalendar import Calendar, Event


def calendar_entry(data: Mapping[str, str], at: datetime) -> str:
    """Made of `calendar_uid`, `calendar_sequence`, `title`, `starts_at`, `ends_at` and `place_name`; "" without a uid.

    PUBLISH and not REQUEST: the letter informs, nobody's calendar is expected to answer.
    """
    if not data.get("calendar_uid"):
        return ""
    entry = Event()
    entry.add("uid", data["calendar_uid"])
    entry.add("sequence", int(data["calendar_sequence"]))
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("dtstart", datetime.fromisoformat(data["starts_at"]).astimezone(UTC))
    entry.add("dtend", datetime.fromisoformat(data["ends_at"]).astimezone(UTC))
    entry.add("summary", data["title"])
    if data["place_name"]:
        entry.add("location", data["place_name"])
    calendar = Calendar()
    calendar.add("prodid", "-//Kiezwerk//notify//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written.decode()
