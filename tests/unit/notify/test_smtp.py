"""What leaves the house is a mail that every program understands."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from services.notify.adapters.smtp import SmtpPost, _in_ascii
from services.notify.domain.language import Language
from services.notify.domain.person import Person
from services.notify.settings import NotifySettings
from services.notify.usecases.ports import AddressRefused, Letter
from tests.support.notify import NOW

SETTINGS = NotifySettings.model_construct(mail_from="kiezwerk@kiez.test", mail_from_name="Kiezwerk", smtp_host="")
LETTER = Letter(
    message_id="0192",
    to=Person("ref", "Dörte Müller", "doerte@example.org", Language.DE),
    at=NOW,
    subject="Verlegt: Frühlingsfest im Ostseeviertel, am Möllendorff-Kiez und auf allen Höfen, die dort sind",
    text="Grüße\n",
    html="<p>Grüße</p>",
    language=Language.DE,
)


def sent(**fields: Any) -> tuple[bytes, EmailMessage]:
    letter = replace(LETTER, **fields)
    data = SmtpPost(SETTINGS)._mail(letter, _in_ascii(letter.to.email)).as_bytes()
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return data, mail


def test_headers_are_right_and_both_forms_are_there() -> None:
    data, mail = sent()
    assert mail["Subject"] == LETTER.subject
    assert mail["To"].addresses[0].display_name == "Dörte Müller"
    assert (mail["Message-ID"], mail["Content-Language"]) == ("<0192@kiez.test>", "de")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert data.isascii()
    assert mail["List-Unsubscribe"] is None


@pytest.mark.parametrize("url", ["https://kiez.test/u/" + "f" * 32, "https://kiez.test/" + "long/" * 40 + "f" * 32])
def test_the_address_for_unsubscribing_stays_on_one_line_however_long_it_is(url: str) -> None:
    data, mail = sent(unsubscribe_url=url)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in data
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("email", ["dörte@example.org", "a@b.de\r\nBcc: c@d.de", "nobody", "a b@c.de", ""])
def test_an_address_that_cannot_be_written_to_is_refused_without_being_told(email: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        sent(to=Person("ref", "", email, Language.DE))
    assert refused.value.reason == "ADDRESS_UNUSABLE"


def test_a_domain_with_umlauts_is_written_as_mail_servers_know_it() -> None:
    _, mail = sent(to=Person("ref", "", "kim@müller.example", Language.DE))
    assert mail["To"] == "kim@xn--mller-kva.example"


@pytest.mark.parametrize("field", ["subject", "to"])
def test_nobody_can_add_headers_through_a_name_or_a_title(field: str) -> None:
    evil = "Fest\r\nBcc: c@d.de"
    with pytest.raises(AddressRefused):
        sent(**{field: evil if field == "subject" else Person("ref", evil, "a@b.de", Language.DE)})
