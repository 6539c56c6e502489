"""The pages behind secret links, as a person reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.events.domain.calendar_event import CalendarEvent
from services.events.domain.person import Language
from services.events.domain.place import Online
from services.events.domain.refusals import LinkUnknown
from services.events.domain.registration import Registration, RegistrationStatus
from services.events.domain.secret_link import LinkPurpose
from services.events.entrypoints.pages import failure_page, registration_page, when
from services.events.usecases.secret_link import OwnRegistration
from tests.support.events import START, a_calendar_event, an_asked, with_seats


def own(status: RegistrationStatus, event: CalendarEvent | None = None) -> OwnRegistration:
    event = event or with_seats(5)
    registration: Registration = replace(an_asked(event, 2), status=status, offer_expires_at=START)
    return OwnRegistration(registration, event, Language.DE)


def test_times_are_read_in_the_time_zone_of_the_place() -> None:
    event = a_calendar_event()
    assert when(event, Language.DE) == "Samstag, 20.03.2027, 14:00–18:00 Uhr"
    assert when(event, Language.EN) == "Saturday, 20 March 2027, 14:00–18:00"
    night = replace(event, ends_at=START + timedelta(hours=12))
    assert when(night, Language.DE) == "Samstag, 20.03.2027, 14:00 Uhr – Sonntag, 21.03.2027, 02:00 Uhr"


def test_whole_days_are_named_by_their_first_and_last() -> None:
    midnight = datetime(2027, 3, 27, 23, tzinfo=UTC)
    day = a_calendar_event(starts_at=midnight, ends_at=midnight + timedelta(hours=23), all_day=True)
    assert when(day, Language.DE) == "Sonntag, 28.03.2027"
    days = replace(day, ends_at=day.ends_at + timedelta(days=1))
    assert when(days, Language.DE) == "Sonntag, 28.03.2027 – Montag, 29.03.2027"


@pytest.mark.parametrize(
    ("purpose", "status", "button"),
    [
        (LinkPurpose.CANCEL, RegistrationStatus.CONFIRMED, True),
        (LinkPurpose.CANCEL, RegistrationStatus.WAITLISTED, True),
        (LinkPurpose.CANCEL, RegistrationStatus.CANCELLED, False),
        (LinkPurpose.CONFIRM, RegistrationStatus.WAITLISTED, False),
        (LinkPurpose.CONFIRM, RegistrationStatus.OFFERED, True),
        (LinkPurpose.CONFIRM, RegistrationStatus.EXPIRED, False),
    ],
)
def test_the_button_is_there_while_it_does_something(
    purpose: LinkPurpose, status: RegistrationStatus, button: bool
) -> None:
    assert ("<button" in registration_page(purpose, own(status), done=False)) is button


def test_access_data_is_on_the_page_of_a_confirmed_registration_alone() -> None:
    event = with_seats(5, online=Online("", "Kennwort 4711"))
    for status in RegistrationStatus:
        page = registration_page(LinkPurpose.CANCEL, own(status, event), done=False)
        assert ("Kennwort 4711" in page) is (status is RegistrationStatus.CONFIRMED)


def test_what_organisers_write_is_text_and_no_markup() -> None:
    event = with_seats(5, title="<script>alert(1)</script>")
    page = registration_page(LinkPurpose.CANCEL, own(RegistrationStatus.CONFIRMED, event), done=False)
    assert "<script" not in page


def test_a_link_that_does_not_hold_says_so_in_both_languages() -> None:
    page = failure_page(LinkUnknown())
    assert "Dieser Link gilt nicht" in page
    assert "This link is not valid" in page
