"""The mail sink's mailbox keeps what it accepted and shows whatever came."""

from email.message import EmailMessage
from pathlib import Path

from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiezctl.mail_sink.mailbox import Mailbox, read_mail
from kiezctl.mail_sink.page import Pages


def a_mail(subject: str = "Einladung zur Jurysitzung", html: str = "<p>Hallo</p>") -> bytes:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "kiez@example.org"
    mail.set_content("Hallo,\nhttps://example.org/confirm?token=abc\n")
    mail.add_alternative(html, subtype="html")
    mail.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="sitzung.ics")
    return mail.as_bytes()


def test_mails_are_found_again_after_a_restart_in_their_order(tmp_path: Path) -> None:
    before = Mailbox(tmp_path)
    ids = [before.keep("kiez@example.org", ["a@example.org"], a_mail(f"no. {n}")) for n in range(5)]
    after = Mailbox(tmp_path)
    assert [mail.id for mail in after.after("", 10)] == ids
    assert [mail.subject for mail in after.newest(0, 2)] == ["no. 4", "no. 3"]
    assert [mail.id for mail in after.after(ids[2], 10)] == ids[3:]


def test_a_mail_is_taken_apart(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    mail = box.find(box.keep("kiez@example.org", ["a@example.org", "b@example.org"], a_mail()))
    assert mail is not None
    assert mail.recipients == ("a@example.org", "b@example.org")
    assert mail.text.startswith("Hallo,")
    assert mail.html.strip() == "<p>Hallo</p>"
    assert [part.media_type for part in mail.attachments] == ["text/calendar"]


def test_the_envelope_cannot_bring_in_headers(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    mail = box.find(box.keep("a@example.org\r\nX-Evil: 1", [], a_mail()))
    assert mail is not None
    assert "X-Evil" not in dict(mail.headers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda s: f"Content-Type: {s}\r\n\r\n{s}".encode()))
def test_no_bytes_keep_the_mailbox_from_showing_the_rest(raw: bytes) -> None:
    read_mail("id", raw)


def reader(box: Mailbox) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(Pages(box).app()), base_url="http://127.0.0.1:7280")


async def test_what_a_mail_holds_never_becomes_part_of_the_page(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    id = box.keep(
        "kiez@example.org", ["a@example.org"], a_mail("<script>alert(1)</script>", "<script>alert(2)</script>")
    )
    async with reader(box) as page:
        for path in ("/", f"/messages/{id}"):
            answer = await page.get(path)
            assert answer.status_code == 200
            assert "<script>" not in answer.text
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_foreign_page_does_not_read_mails_under_its_own_name(tmp_path: Path) -> None:
    async with reader(Mailbox(tmp_path)) as page:
        assert (await page.get("/api/messages", headers={"host": "evil.example"})).status_code == 400


async def test_programs_read_mails_page_by_page(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    ids = [box.keep("", ["a@example.org"], a_mail()) for _ in range(3)]
    async with reader(box) as page:
        first = (await page.get("/api/messages?page_size=2")).json()
        rest = (await page.get(f"/api/messages?page_size=2&page_token={first['next_page_token']}")).json()
    assert [mail["id"] for mail in (*first["messages"], *rest["messages"])] == ids
    assert rest["next_page_token"] == ""


async def test_wrong_page_numbers_are_refused(tmp_path: Path) -> None:
    async with reader(Mailbox(tmp_path)) as page:
        for query in (
            "page_size=0",
            "page_size=x",
            "page_size=501",
            "page_size=-1",
            "page_size=²",
            "page_size=1" + "0" * 4_400,
            "page_size=" + "0" * 4_400,
        ):
            assert (await page.get(f"/api/messages?{query}")).status_code == 400
        assert (await page.get("/messages/..%2Frun.json")).status_code == 404
        assert (await page.get("/messages/unknown")).status_code == 404
