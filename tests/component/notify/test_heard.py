"""Everything that is heard about a person becomes a letter to that person."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.notify import MailServer, Neighbours, plain

APPLICATION = {
    "fund_name": "Kiezfonds Lichtenberg",
    "title": "Hochbeete",
    "requested_cents": 100000,
    "approved_cents": 80050,
    "session_at": "2027-02-10T17:00:00Z",
    "submitted_at": "2027-01-20T10:00:00Z",
    "info_due_on": "2027-01-29",
}
GRANT = {
    "application_id": "0193",
    "title": "Hochbeete",
    "approved_cents": 80050,
    "starts_on": "2027-03-01",
    "ends_on": "2027-05-31",
    "proof_due_on": "2027-06-28",
}
FROM_FUNDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "application_submitted": (APPLICATION, {"late": True}, "Ihr Antrag ist eingegangen"),
    "application_info_requested": (APPLICATION, {"reason": "Wer spielt?"}, "Zu Ihrem Antrag fehlt noch etwas"),
    "application_refused": (APPLICATION, {"reason": "Begonnen"}, "Ihr Antrag kann nicht angenommen werden"),
    "application_scheduled": (APPLICATION, {}, "Über Ihren Antrag wird bald entschieden"),
    "application_unscheduled": (APPLICATION, {}, "Die Sitzung zu Ihrem Antrag fällt aus"),
    "application_approved": (
        APPLICATION,
        {"outcome": "reduced", "conditions": ["Nur Material", "Bis Mai"]},
        "Ihr Antrag ist bewilligt",
    ),
    "application_declined": (APPLICATION, {"reason": "Zu teuer"}, "Die Entscheidung über Ihren Antrag"),
    "application_deferred": (APPLICATION, {"reason": "Fragen offen"}, "Ihr Antrag ist vertagt"),
    "grant_agreed": (GRANT, {}, "Die Vereinbarung ist geschlossen"),
    "proof_due": (GRANT, {}, "Bitte reichen Sie den Verwendungsnachweis ein"),
    "payment_released": ({"grant_title": "Hochbeete", "amount_cents": 80050}, {}, "Eine Auszahlung ist freigegeben"),
}
FROM_EVENTS = {
    "registration_confirmed": "Ihr Platz: Fest",
    "registration_waitlisted": "Warteliste: Fest",
    "registration_repeated": "Schon angemeldet: Fest",
    "registration_offered": "Ein Platz ist frei: Fest",
    "registration_cancelled": "Abmeldung: Fest",
}


@pytest.mark.parametrize("fact", FROM_FUNDS)
async def test_what_funds_says_of_a_person_is_told_to_that_person(
    notify: Started, mails: MailServer, neighbours: Neighbours, fact: str
) -> None:
    state, beside, subject = FROM_FUNDS[fact]
    person_ref, email = neighbours.knows()
    about = {"id": new_id(), "region": "114009", "contact_ref": person_ref}
    await notify.city.say("funds", fact, state | about, **beside)
    assert (await mails.mail_to(email))["Subject"] == subject


@pytest.mark.parametrize("fact", FROM_EVENTS)
async def test_what_events_says_of_a_registration_is_told_to_who_registered(
    notify: Started, mails: MailServer, neighbours: Neighbours, fact: str
) -> None:
    person_ref, email = neighbours.knows()
    starts_at = await notify.now() + timedelta(days=9)
    event = {
        "uid": "e@kiezwerk",
        "title": "Fest",
        "sequence": 2,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": {"address": "Haus, Weg 1, 10115 Berlin"},
    }
    id = new_id()
    state = {"id": id, "region": "11", "person_ref": person_ref, "seats": 2, "offer_expires_at": starts_at}
    link = neighbours.links[id] = f"https://kiez.test/registrations/cancel/{new_id()}"
    await notify.city.say("events", fact, state, calendar_event=event)
    mail = await mails.mail_to(email)
    assert mail["Subject"] == FROM_EVENTS[fact]
    assert len(list(mail.iter_attachments())) == (fact == "registration_confirmed")
    has_link = {"registration_confirmed", "registration_waitlisted", "registration_repeated"}
    assert (link in plain(mail)) is (fact in has_link)
