"""Signing up with a real browser's requests, a real mail and a real store."""

from datetime import timedelta

from chassis.ports import Role, new_id
from tests.support.city import Started, eventually
from tests.support.client import refused
from tests.support.notify import (
    COORDINATOR,
    OPERATOR,
    MailServer,
    a_follower,
    html,
    link_in,
    plain,
    sign_up,
    visit,
)

CONFIRMED = 2


async def subscriber_of(notify: Started, email: str) -> str:
    """The id behind an address, as only the store knows it."""
    person = await notify.running.service.store.rows("persons").find_one({"email": email})
    row = await notify.running.service.store.rows("subscribers").find_one({"person_ref": person["_id"]})
    return str(row["_id"])


async def status_of(notify: Started, subscriber_id: str) -> int:
    answer = await notify.call("SubscriberService/GetSubscriber", {"subscriber_id": subscriber_id}, OPERATOR)
    return int(answer.subscriber.status)


async def test_a_link_confirms_only_when_its_button_is_pressed(notify: Started, mails: MailServer) -> None:
    email = f"{new_id()}@example.org"
    assert (await sign_up(notify, email)).status_code == 200
    mail = await mails.mail_to(email)
    subscriber_id = await subscriber_of(notify, email)
    link = link_in(mail)
    for _ in range(3):
        assert (await visit(notify, link)).status_code == 200
        assert (await visit(notify, link, "HEAD")).status_code == 200
    assert await status_of(notify, subscriber_id) == 1
    assert await notify.said(subscriber_id) == []
    for _ in range(2):
        assert (await visit(notify, link, "POST")).status_code == 200
    assert await status_of(notify, subscriber_id) == 2
    (said,) = await notify.published(subscriber_id)
    assert said.fact == "subscriber_confirmed"
    assert said.subject == "kiez.int.notify.v1.subscriber_confirmed.11.1140.114009.0"
    assert email not in str(said)


async def test_the_confirmation_mail_advertises_nothing_and_is_in_the_language_of_the_form(
    notify: Started, mails: MailServer
) -> None:
    german, english = f"{new_id()}@example.org", f"{new_id()}@example.org"
    await sign_up(notify, german)
    await sign_up(notify, english, lang="en")
    mail = await mails.mail_to(german)
    assert mail["Subject"] == "Bitte bestätigen: Neuigkeiten aus Ihrem Kiez"
    assert "Neu-Lichtenberg" in plain(mail)
    assert '<html lang="de">' in html(mail)
    assert mail["List-Unsubscribe"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["Content-Language"], mail.get_content_type()) == ("de", "multipart/alternative")
    assert (await mails.mail_to(english))["Subject"] == "Please confirm: news from your neighbourhood"


async def test_the_answer_is_the_same_whether_an_address_is_known_or_not(notify: Started, mails: MailServer) -> None:
    known = await a_follower(notify, mails)
    first = await sign_up(notify, known)
    # A letter whose link a later one has replaced is dropped.
    await eventually(lambda: _all_sent(notify))
    unknown = await sign_up(notify, f"{new_id()}@example.org")
    often = [await sign_up(notify, known) for _ in range(5)][-1]
    assert first.status_code == unknown.status_code == often.status_code == 200
    assert first.text == unknown.text == often.text
    await eventually(lambda: _all_sent(notify))
    assert len(mails.to(known, "Bitte bestätigen")) == 3


async def _all_sent(notify: Started) -> bool:
    counts = await notify.call("NotificationService/CountNotifications", {}, OPERATOR)
    return not counts.queued and not counts.sending and not counts.broadcasts


async def test_what_is_wrong_in_the_form_is_said_beside_what_was_entered(notify: Started) -> None:
    answer = await sign_up(notify, "kim@", region=["99"], kind=[], lang="en")
    assert answer.status_code == 400
    for words in ("Please enter a complete e-mail address", "at least one kind", "at least one area", 'value="kim@"'):
        assert words in answer.text


async def test_the_form_has_the_region_of_its_link_chosen(notify: Started) -> None:
    page = (await visit(notify, "/subscribe?region=114009")).text
    assert 'name="region" value="114009" checked' in page
    assert page.count(" checked") == 5
    assert '<html lang="de">' in page
    assert "<script" not in page


async def test_text_from_outside_never_becomes_markup(notify: Started) -> None:
    answer = await sign_up(notify, '"><script>alert(1)</script>')
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_leaving_deletes_the_address_and_needs_one_click(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails)
    subscriber_id = await subscriber_of(notify, email)
    state = {"id": new_id(), "region": "114009", "fund_name": "Kiezfonds", "name": "1. Runde"}
    closes_at = (await notify.now() + timedelta(days=9)).isoformat()
    await notify.city.say("funds", "round_opened", state | {"closes_at": closes_at})
    news = await mails.mail_to(email, about="Kiezfonds")
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(news["List-Unsubscribe"]).strip("<>")
    path = url.removeprefix("https://kiez.test")
    assert (await visit(notify, path)).status_code == 200
    assert await status_of(notify, subscriber_id) == 2
    one_click = await visit(notify, path, "POST", data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert (await visit(notify, path, "POST")).status_code == 200
    assert await status_of(notify, subscriber_id) == 3
    assert [m.fact for m in await notify.said(subscriber_id)] == ["subscriber_confirmed", "subscriber_unsubscribed"]
    assert await notify.running.service.store.rows("persons").find_one({"email": email}) is None


async def test_a_link_serves_one_purpose(notify: Started, mails: MailServer) -> None:
    email = f"{new_id()}@example.org"
    await sign_up(notify, email)
    token = link_in(await mails.mail_to(email)).rpartition("/")[2]
    assert (await visit(notify, f"/unsubscribe/{token}", "POST")).status_code == 404
    assert (await visit(notify, f"/confirm/{'0' * 32}", "POST")).status_code == 404
    assert (await visit(notify, f"/confirm/{'x' * 500}", "POST")).status_code == 400


async def test_links_are_stored_as_fingerprints_alone(notify: Started, mails: MailServer) -> None:
    email = f"{new_id()}@example.org"
    await sign_up(notify, email)
    token = link_in(await mails.mail_to(email)).rpartition("/")[2]
    for collection in ("links", "notifications", "outbox", "subscribers"):
        assert token not in str(await notify.running.service.store.rows(collection).find({}).to_list(1000))


async def test_an_office_signs_up_in_its_own_regions_and_sees_no_address(notify: Started, mails: MailServer) -> None:
    email = f"{new_id()}@example.org"
    request = {
        "email": email,
        "language": "LANGUAGE_DE",
        "kinds": ["NEWS_KIND_ROUNDS"],
        "regions": ["114009"],
    }
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await notify.call("SubscriberService/Subscribe", request, Role("coordinator", regions=("12",)))
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "email"):
        await notify.call("SubscriberService/Subscribe", request | {"email": "kim"}, COORDINATOR)
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await notify.call("SubscriberService/Subscribe", request)
    await notify.call("SubscriberService/Subscribe", request, COORDINATOR, sub="office-1")
    await mails.mail_to(email)
    subscriber_id = await subscriber_of(notify, email)
    listed = await notify.call(
        "SubscriberService/ListSubscribers",
        {"region": "11", "status": "SUBSCRIBER_STATUS_PENDING", "page_size": 500},
        COORDINATOR,
    )
    (found,) = [s for s in listed.subscribers if s.id == subscriber_id]
    assert found.consents[0].by == "office-1"
    assert found.asked.subscriptions[0].regions == ["114009"]
    assert email not in str(listed)
    counts = await notify.call("SubscriberService/CountSubscribers", {"region": "11"}, COORDINATOR)
    assert counts.pending >= 1


async def test_erasing_deletes_the_address_and_keeps_the_consent_log(notify: Started, mails: MailServer) -> None:
    email = await a_follower(notify, mails)
    subscriber_id = await subscriber_of(notify, email)
    request = {"subscriber_id": subscriber_id}
    erased = await notify.call("SubscriberService/EraseSubscriber", request, COORDINATOR)
    assert erased.subscriber.status == 5
    assert len(erased.subscriber.consents) == 2
    with refused("SUBSCRIBER_ERASED", "FAILED_PRECONDITION"):
        await notify.call("SubscriberService/EraseSubscriber", request, COORDINATOR)
    assert await notify.running.service.store.rows("persons").find_one({"email": email}) is None
    assert await a_follower_again(notify, mails, email) != subscriber_id


async def a_follower_again(notify: Started, mails: MailServer, email: str) -> str:
    before = len(mails.to(email))
    await sign_up(notify, email)
    await mails.mail_to(email, before + 1)
    return await subscriber_of(notify, email)


async def test_an_address_that_nobody_confirms_is_forgotten_and_its_link_with_it(
    notify: Started, mails: MailServer
) -> None:
    email = f"{new_id()}@example.org"
    await sign_up(notify, email)
    link = link_in(await mails.mail_to(email))
    subscriber_id = await subscriber_of(notify, email)
    await notify.move_clock(await notify.now() + timedelta(days=7))
    assert await status_of(notify, subscriber_id) == 5
    assert await notify.running.service.store.rows("persons").find_one({"email": email}) is None
    for method in ("GET", "POST"):
        answer = await visit(notify, link, method)
        assert answer.status_code == 409
        assert "Dieser Link gilt nicht mehr" in answer.text


async def test_whoever_asks_for_an_address_that_is_known_changes_nothing_of_it(
    notify: Started, mails: MailServer
) -> None:
    email = await a_follower(notify, mails)
    subscriber_id = await subscriber_of(notify, email)
    await sign_up(notify, email.upper())
    await mails.mail_to(email, about="Bitte bestätigen", count=2)
    assert await subscriber_of(notify, email) == subscriber_id
    assert await status_of(notify, subscriber_id) == CONFIRMED


async def test_a_confirmation_that_is_refused_takes_nothing_from_who_has_confirmed(
    notify: Started, mails: MailServer
) -> None:
    email = await a_follower(notify, mails)
    subscriber_id = await subscriber_of(notify, email)
    mails.refused.add(email)
    await sign_up(notify, email)

    async def refused_once() -> bool:
        rows = notify.running.service.store.rows("notifications")
        return await rows.find_one({"recipient.ref": subscriber_id, "reason": "SMTP_550"}) is not None

    await eventually(refused_once)
    assert await status_of(notify, subscriber_id) == CONFIRMED
    assert await subscriber_of(notify, email) == subscriber_id
