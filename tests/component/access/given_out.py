"""Secrets that services make and give out, voting codes and the links of letters, used in every way that there is.

Each function answers the secrets in every form, and adds to `answers` what others are told.
"""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from chassis.ports import new_id
from services.funds.domain.voting_code import read_code
from tests.support.city import Started
from tests.support.client import Refused
from tests.support.events import publish_event, register
from tests.support.funds import OFFICE
from tests.support.funds_ballot import a_voting
from tests.support.notify import COORDINATOR, MailServer, link_in, sign_up

PER_DATE = "REGISTRATION_MODE_PER_DATE"
TEXT = {"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag."}
NEWS = {"region": "114009", "regions": ["114009"], "texts": [TEXT]}


async def vote(funds: Started, answers: list[str]) -> set[str]:
    """Codes are issued, used, mistyped, used elsewhere and revoked."""
    one, other = await a_voting(funds, 100, 200), await a_voting(funds, 100, 200, opened=False)
    revoke = {"batch_id": other.batch_id, "reason": "verloren"}
    answers.append(str(await funds.call("VotingService/RevokeCodes", revoke, OFFICE, sub="office")))
    await one.begin()
    await one.cast(one.codes[0], 0)
    for code in (other.codes[0], one.codes[1][:-1], one.codes[1] + one.codes[2]):
        with pytest.raises(Refused) as caught:
            await one.cast(code, 0)
        answers.append(f"{caught.value} {caught.value.details}")
    return {form for code in (*one.codes, *other.codes) for form in (code, read_code(code))}


async def follow_link(events: Started, answers: list[str]) -> set[str]:
    """The link with which somebody gives a seat back."""
    event = await publish_event(events, await events.now() + timedelta(days=20), registration=PER_DATE, capacity=5)
    path = urlsplit((await register(events, event.id)).cancel_url).path
    await _open(events, path, path.replace("cancel", "confirm"), f"{path}0", answers=answers)
    return {path.rpartition("/")[2]}


async def follow_letters(notify: Started, mails: MailServer, answers: list[str]) -> set[str]:
    """The links in what somebody gets who signs up, and then hears of something."""
    email = f"{new_id()}@example.org"
    await sign_up(notify, email)
    confirm = link_in(await mails.mail_to(email))
    await _open(notify, confirm, confirm.replace("confirm", "unsubscribe"), f"{confirm}0", answers=answers)
    made = await notify.call("AnnouncementService/CreateAnnouncement", NEWS, COORDINATOR)
    publish = {"announcement_id": made.announcement.id}
    await notify.call("AnnouncementService/PublishAnnouncement", publish, COORDINATOR)
    leave = link_in(await mails.mail_to(email, 2))
    await _open(notify, leave, leave.replace("unsubscribe", "confirm"), f"{leave}0", answers=answers)
    return {path.rpartition("/")[2] for path in (confirm, leave)}


async def _open(started: Started, *paths: str, answers: list[str]) -> None:
    """Looked at, used, and used again: what a link shows is its holder's, what is refused is told to whoever asks."""
    async with httpx.AsyncClient(base_url=started.http, timeout=30) as browser:
        for path in paths:
            for method in ("GET", "POST", "POST", "PUT"):
                page = await browser.request(method, path)
                if page.status_code >= 400:
                    answers.append(page.text)
