"""The text of a calendar feed, read back with an iCalendar parser."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.place import Online, Point
from services.events.domain.terms import EventStatus
from services.events.entrypoints.ical import calendar_text
from tests.support.events import HOUSE, START, a_calendar_event


def read_back(*events: CalendarEvent) -> icalendar.Calendar:
    text = calendar_text("Kiezkalender Neu-Lichtenberg", "https://events.example/calendar/114009.ics", events)
    calendar = icalendar.Calendar.from_ical(text)
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def entry_of(event: CalendarEvent) -> icalendar.Event:
    return read_back(event).events[0]


def test_an_entry_says_what_when_and_where() -> None:
    event = a_calendar_event(place=replace(HOUSE, point=Point(52.56, 13.5)), topics=("Begegnung",), sequence=3)
    entry = entry_of(event)
    assert (entry["uid"], entry["sequence"], entry["status"], entry["class"]) == (event.uid, 3, "CONFIRMED", "PUBLIC")
    assert entry["dtstart"].params["tzid"] == "Europe/Berlin"
    assert entry.start == event.starts_at
    assert entry.end == event.ends_at
    assert entry["location"] == "Nachbarschaftshaus im Ostseeviertel, Ribnitzer Straße 1b, 13051 Berlin"
    assert entry["geo"].to_ical() == "52.56;13.5"
    assert entry.categories == ["Fest", "Begegnung"]


def test_times_carry_their_time_zone() -> None:
    calendar = read_back(a_calendar_event())
    assert [zone["tzid"] for zone in calendar.timezones] == ["Europe/Berlin"]


def test_whole_days_are_dates() -> None:
    midnight = datetime(2027, 3, 27, 23, tzinfo=UTC)
    entry = entry_of(a_calendar_event(starts_at=midnight, ends_at=midnight + timedelta(hours=23), all_day=True))
    assert (entry.start, entry.end) == (date(2027, 3, 28), date(2027, 3, 29))


def test_an_instant_has_no_end() -> None:
    assert "dtend" not in entry_of(a_calendar_event(ends_at=START))


def test_a_cancelled_entry_says_so_to_programs_and_to_people() -> None:
    entry = entry_of(a_calendar_event(status=EventStatus.CANCELLED, cancel_reason="Regen"))
    assert entry["status"] == "CANCELLED"
    assert entry["summary"] == "Abgesagt: Frühlingsfest"
    assert str(entry["description"]).startswith("Regen")


def test_no_attendee_and_no_access_data() -> None:
    event = a_calendar_event(online=Online("https://live.example/fest", "Kennwort 4711"), seats_confirmed=3)
    text = calendar_text("x", "https://events.example/x.ics", [event]).decode()
    assert "Kennwort" not in text
    assert "ATTENDEE" not in text
    assert "https://live.example/fest" in text


def test_the_same_events_give_the_same_bytes() -> None:
    event = a_calendar_event()
    assert calendar_text("x", "https://x.example", [event]) == calendar_text("x", "https://x.example", [event])


@given(title=st.text(min_size=1, max_size=200), description=st.text(max_size=500))
def test_no_text_breaks_the_feed(title: str, description: str) -> None:
    calendar = read_back(a_calendar_event(title=title, description=description), a_calendar_event())
    assert len(calendar.events) == 2
    assert {str(entry["class"]) for entry in calendar.events} == {"PUBLIC"}
