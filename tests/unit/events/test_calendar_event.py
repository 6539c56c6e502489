"""A calendar event: its times, its transitions, and what is said of a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.refusals import Refusal
from services.events.domain.calendar_event import CalendarEvent, Source
from services.events.domain.facts import EventCancelled, EventMoved, EventUpdated, change
from services.events.domain.place import Online
from services.events.domain.terms import EventStatus
from tests.support.events import HOUSE, NOW, START, a_calendar_event, a_draft, with_seats

LATER = NOW + timedelta(hours=1)
OTHER_TIME = (START + timedelta(days=1), START + timedelta(days=1, hours=2))


def reason_of(error: pytest.ExceptionInfo[Refusal]) -> str:
    return error.value.reason


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refusal) as error:
        a_draft(ends_at=START - timedelta(seconds=1)).checked()
    assert reason_of(error) == "TIMES_UNUSABLE"
    assert "ends_at" in error.value.fields


def test_it_lasts_a_year_at_most() -> None:
    with pytest.raises(Refusal) as error:
        a_draft(ends_at=START + timedelta(days=367)).checked()
    assert reason_of(error) == "TIMES_UNUSABLE"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),  # summer time begins
        (datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC)),  # and ends
    ],
)
def test_a_whole_day_goes_from_midnight_to_midnight_in_berlin(first: datetime, last: datetime) -> None:
    a_draft(starts_at=first, ends_at=last, all_day=True).checked()
    with pytest.raises(Refusal) as error:
        a_draft(starts_at=first, ends_at=last + timedelta(hours=1), all_day=True).checked()
    assert reason_of(error) == "TIMES_UNUSABLE"


def test_a_whole_day_is_not_empty() -> None:
    midnight = datetime(2027, 3, 19, 23, tzinfo=UTC)
    with pytest.raises(Refusal):
        a_draft(starts_at=midnight, ends_at=midnight, all_day=True).checked()


@pytest.mark.parametrize("online", [None, Online()])
def test_it_happens_somewhere(online: Online | None) -> None:
    with pytest.raises(Refusal) as error:
        a_draft(place=None, online=online).checked()
    assert reason_of(error) == "NOWHERE_TO_GO"
    a_draft(place=None, online=Online("https://live.example/fest")).checked()


def test_it_is_published_once() -> None:
    with pytest.raises(Refusal) as error:
        a_calendar_event().publish(NOW, "")
    assert reason_of(error) == "ALREADY_PUBLISHED"


def test_each_published_change_raises_the_sequence_and_no_other() -> None:
    draft = a_draft().update({"title": "Fest"}, LATER, "o")
    assert draft.sequence == 0
    event = draft.publish(LATER, "o")
    assert event.sequence == 0
    assert event.update({"title": "Sommerfest"}, LATER, "o").move(*OTHER_TIME, False, None, LATER, "o").sequence == 2
    assert event.count(confirmed=3).sequence == 0


def test_a_draft_cannot_be_cancelled() -> None:
    with pytest.raises(Refusal) as error:
        a_draft().cancel("Regen", NOW, "")
    assert reason_of(error) == "NOT_PUBLISHED"


@pytest.mark.parametrize("what", ["update", "move", "cancel", "change_capacity"])
@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (a_calendar_event(status=EventStatus.CANCELLED), "EVENT_CANCELLED"),
        (a_calendar_event(source=Source("funds", "jury_session", "1")), "FOLLOWS_SOURCE"),
    ],
    ids=["cancelled", "made by itself"],
)
def test_what_is_cancelled_or_follows_a_source_is_not_changed_by_hand(
    what: str, event: CalendarEvent, reason: str
) -> None:
    changes = {
        "update": lambda: event.update({"title": "x"}, NOW, ""),
        "move": lambda: event.move(*OTHER_TIME, False, None, NOW, ""),
        "cancel": lambda: event.cancel("Regen", NOW, ""),
        "change_capacity": lambda: event.change_capacity(5, NOW, ""),
    }
    with pytest.raises(Refusal) as error:
        changes[what]()
    assert reason_of(error) == reason


def test_the_uid_never_changes() -> None:
    event = a_calendar_event()
    moved = event.move(*OTHER_TIME, False, None, LATER, "o").update({"title": "x"}, LATER, "o")
    assert moved.cancel("Regen", LATER, "o").uid == event.uid == f"{event.id}@kiezwerk"


def test_moving_keeps_the_place_unless_another_is_given() -> None:
    event = a_calendar_event()
    garden = replace(HOUSE, name="Garten")
    assert event.move(*OTHER_TIME, False, None, LATER, "o").place == HOUSE
    assert event.move(*OTHER_TIME, False, garden, LATER, "o").place == garden


def test_the_capacity_never_falls_below_what_was_promised() -> None:
    event = with_seats(10, seats_confirmed=4, seats_offered=2)
    assert event.change_capacity(6, LATER, "o").capacity == 6
    assert event.change_capacity(0, LATER, "o").seats_free is None
    with pytest.raises(Refusal) as error:
        event.change_capacity(5, LATER, "o")
    assert reason_of(error) == "CAPACITY_BELOW_PROMISED"


def test_an_entry_in_step_with_its_source_stays_the_very_same() -> None:
    entry = a_calendar_event(source=Source("funds", "jury_session", "1"), organiser_id="")
    assert entry.follow(replace(entry, id="other", uid="other", created_at=LATER), LATER) is entry


def test_an_entry_follows_its_source_and_comes_back_when_it_does() -> None:
    entry = a_calendar_event(source=Source("funds", "jury_session", "1"), completed_at=NOW)
    cancelled = entry.follow(replace(entry, status=EventStatus.CANCELLED), LATER)
    assert (cancelled.status, cancelled.sequence) == (EventStatus.CANCELLED, 1)
    back = cancelled.follow(replace(entry, starts_at=OTHER_TIME[0], ends_at=OTHER_TIME[1]), LATER)
    assert (back.status, back.sequence, back.completed_at) == (EventStatus.CONFIRMED, 2, None)


def test_what_is_said_names_the_change() -> None:
    event = a_calendar_event()
    moved = event.move(*OTHER_TIME, False, None, LATER, "o")
    assert change(event, moved) == (EventMoved(moved, event.starts_at, event.ends_at, place_changed=False),)
    named = event.update({"title": "Sommerfest", "cost": "frei"}, LATER, "o")
    assert change(event, named) == (EventUpdated(named, ("title", "cost")),)
    off = event.cancel("Regen", LATER, "o")
    assert change(event, off) == (EventCancelled(off, "Regen"),)


def test_nothing_is_said_of_a_draft_or_of_no_change() -> None:
    draft = a_draft()
    assert change(draft, draft.update({"title": "x"}, LATER, "o")) == ()
    event = a_calendar_event()
    assert change(event, event.update({"title": event.title}, LATER, "o")) == ()
