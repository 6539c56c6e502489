"""Every letter can be written, in both languages and both forms."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from chassis.pages.wording import euro, moment, place
from services.notify.adapters.letters import TemplateLetters
from services.notify.domain.language import Language
from services.notify.domain.notification import Notification
from services.notify.domain.person import Person
from services.notify.domain.template import Lane, Template
from services.notify.usecases.ports import Contact, Letter
from tests.support.notify import NOW, a_notification

LETTERS = TemplateLetters("https://kiez.test")
NAME = "Zoë <b>Müßig</b> & Söhne"
DATA = {
    **dict.fromkeys(("late", "conditions", "event_cancelled", "description", "url", "calendar_uid"), ""),
    "agenda": json.dumps(
        [
            {"number": 1, "title": "Hochbeete", "requested_cents": 95000},
            {"number": 2, "title": "", "requested_cents": 5050},
        ]
    ),
    "agenda_size": "2",
    "amount_cents": "95000",
    "announcement_id": "0192",
    "answer_by": "2027-01-15",
    "application_id": "0193",
    "approved_cents": "80050",
    "ask": "1",
    "body_de": "Die Straße ist gesperrt.\n\nBitte <weiträumig> umfahren.",
    "body_en": "The street is closed.",
    "calendar_sequence": "3",
    "cancel_reason": "Sturm",
    "closes_at": "2027-01-22T23:00:00+00:00",
    "ends_at": "2027-02-10T19:00:00+00:00",
    "expires_at": "2027-01-15T09:00:00+00:00",
    "fund_name": "Kiezfonds Lichtenberg",
    "kinds": "rounds,awards",
    "name_of_round": "1. Runde 2027",
    "offer_expires_at": "2027-02-01T11:00:00+00:00",
    "organiser_name": "Kiezspinne",
    "place_name": "Nachbarschaftshaus, Schulze-Boysen-Straße 38",
    "previous_starts_at": "2027-02-09T17:00:00+00:00",
    "proof_due_on": "2027-09-30",
    "question": "Wie hoch sind die Druckkosten?",
    "reason_given": "Das Projekt hat schon begonnen.",
    "recipient_name": "Verein & Freunde e. V.",
    "regions": "114009,11",
    "requested_cents": "100000",
    "seats": "2",
    "session_at": "2027-02-10T17:00:00+00:00",
    "starts_at": "2027-02-10T17:00:00+00:00",
    "starts_on": "2027-03-01",
    "ends_on": "2027-05-31",
    "submitted_at": "2027-01-20T10:30:00+00:00",
    "title": "Hochbeete für den Möllendorff-Kiez",
    "title_de": "Sperrung",
    "title_en": "Closed",
}


def a_letter_of(template: Template) -> Notification:
    return a_notification(template=template, template_version=template.version, data=DATA)


def written(template: Template, language: Language) -> Letter:
    return LETTERS.write(
        a_letter_of(template), Contact(Person("ref", NAME, "zoe@example.org", language)), NOW, "f" * 32
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", Template)
def test_every_letter_is_written_whole_in_both_forms(template: Template, language: Language) -> None:
    letter = written(template, language)
    assert letter.subject
    assert "\n" not in letter.subject
    assert (
        letter.subject in letter.text
        or template.lane is Lane.SERVICE
        or "Guten" in letter.text
        or "Hello" in letter.text
    )
    for form in (letter.text, letter.html):
        assert not re.search(r"None|\{\{|\{%|Undefined", form)
    assert f'<html lang="{language}">' in letter.html
    assert "&lt;b&gt;" in letter.html
    assert "<b>Müßig" not in letter.html
    assert NAME in letter.text
    assert "&amp;" not in letter.text
    assert all(len(line) <= 78 for line in letter.text.splitlines() if "://" not in line)


@pytest.mark.parametrize(("written_in", "read_in"), [(Language.DE, Language.EN), (Language.EN, Language.DE)])
def test_an_announcement_in_one_language_reaches_those_who_read_the_other(
    written_in: Language, read_in: Language
) -> None:
    data = {name: text for name, text in DATA.items() if not name.endswith(f"_{read_in}")}
    announcement = replace(a_letter_of(Template.ANNOUNCEMENT_PUBLISHED), data=data)
    letter = LETTERS.write(announcement, Contact(Person("ref", NAME, "z@example.org", read_in)), NOW, "f" * 32)
    assert letter.subject == data[f"title_{written_in}"]
    assert data[f"body_{written_in}"].splitlines()[0] in letter.text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", Template)
def test_no_subject_line_names_a_person(template: Template, language: Language) -> None:
    letter = written(template, language)
    for word in ("Zoë", "Müßig", DATA["recipient_name"]):
        assert word not in letter.subject
    if template.value.startswith(("application_", "payment_", "proof_", "grant_agreed")):
        assert DATA["title"] not in letter.subject


@pytest.mark.parametrize("template", Template)
def test_news_and_only_news_can_be_unsubscribed_from(template: Template) -> None:
    letter = written(template, Language.DE)
    url = f"https://kiez.test/unsubscribe/{'f' * 32}" if template.lane is Lane.NEWS else ""
    assert letter.unsubscribe_url == url
    assert (url in letter.text) is (url in letter.html) is True
    assert ("/unsubscribe/" in letter.text) is bool(url)


def test_an_invitation_has_its_date_for_the_calendar() -> None:
    invitation = replace(a_letter_of(Template.SESSION_INVITED), data=DATA | {"calendar_uid": "invitation-1"})
    letter = LETTERS.write(invitation, Contact(Person("ref", NAME, "z@example.org", Language.DE)), NOW, "")
    calendar = Calendar.from_ical(letter.calendar)
    (entry,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert (entry["UID"], entry["SEQUENCE"]) == ("invitation-1", 3)
    assert entry.decoded("DTEND") - entry.decoded("DTSTART") == timedelta(hours=2)
    assert "Zoë" not in letter.calendar


def test_a_deadline_is_told_as_the_end_of_its_day() -> None:
    assert moment("2027-01-22T23:00:00+00:00", "de") == "Freitag, 22. Januar 2027, 24:00 Uhr"
    assert moment("2027-01-22T23:00:00+00:00", "en") == "Friday 22 January 2027, midnight at its end"


def test_instants_are_told_in_the_time_of_berlin_summer_and_winter() -> None:
    assert moment("2027-01-10T17:00:00+00:00", "de") == "Sonntag, 10. Januar 2027, 18:00 Uhr"
    assert moment("2027-07-10T17:00:00+00:00", "en") == "Saturday 10 July 2027, 19:00"


def test_money_is_told_as_people_write_it() -> None:
    assert euro("100000", "de").replace("\xa0", " ") == "1.000 €"
    assert euro("80050", "de").replace("\xa0", " ") == "800,50 €"
    assert euro("100000", "en") == "€1,000"
    assert euro("80050", "en") == "€800.50"


def test_a_region_is_told_by_its_name() -> None:
    assert place("114009") == "Neu-Lichtenberg (Lichtenberg)"
    assert place("11") == "Lichtenberg"
    assert place("00") == "Berlin"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("template", "shown"),
    [
        (Template.REGISTRATION_CONFIRMED, ("cancel_url",)),
        (Template.REGISTRATION_WAITLISTED, ("cancel_url",)),
        (Template.REGISTRATION_REPEATED, ("cancel_url",)),
        (Template.REGISTRATION_OFFERED, ("cancel_url", "confirm_url")),
    ],
)
def test_a_letter_about_a_registration_holds_its_links(
    template: Template, shown: tuple[str, ...], language: Language
) -> None:
    links = {name: f"https://kiez.test/registrations/{name}/secret" for name in shown}
    to = Contact(Person("ref", NAME, "zoe@example.org", language), links)
    letter = LETTERS.write(a_letter_of(template), to, NOW, "")
    assert all(link in letter.text and link in letter.html for link in links.values())
