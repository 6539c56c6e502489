"""Act 9: looking back: the ledger adds up, the mails are counted, the calendar is read, and the outsider missed nothing."""

from typing import Any

import icalendar

from kiezctl.demo.figures import CONCERT, DISTRICT, REGION
from kiezctl.demo.outsider import SUBJECT
from kiezctl.demo.people import AUDITOR
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.funds.v1 import ledger_pb2
from kiezwerk.notify.v1 import notification_pb2


async def play(stage: Stage, story: Story) -> None:
    async with stage.step("The ledger is recomputed from its postings alone: not a cent is out of place."):
        verified = await stage.ask(AUDITOR, ledger_pb2.VerifyLedgerRequest(region=DISTRICT))
        stage.expect("differences in the ledger:", [], [f"{one.what} of {one.of_id}" for one in verified.differences])
    letters = await _letters(stage, story)
    async with stage.step(f"{letters} mails were sent this year, each exactly once."):
        identities = [dict(letter.headers).get("Message-ID", letter.id) for letter in story.mailroom.letters]
        stage.expect("mails that came twice:", 0, len(identities) - len(set(identities)))
    await _feed(stage, story)
    await _outsider(stage)


async def _letters(stage: Stage, story: Story) -> int:
    """Wait until as many mails lie in the mailboxes as notify says that it delivered."""

    async def equal() -> int:
        counts = await stage.ask(AUDITOR, notification_pb2.CountNotificationsRequest())
        found = len(await story.mailroom.read())
        delivered = counts.delivered - story.delivered_before
        return found if found == delivered and not counts.queued + counts.sending else 0

    return await stage.eventually("as many mails as notify has delivered", equal)


async def _feed(stage: Stage, story: Story) -> None:
    async with stage.step(
        "The neighbourhood's calendar feed has the deadline, the session and the concert, each once."
    ):
        answer = await stage.http("GET", f"{stage.run.http('events')}/calendar/{REGION}.ics")
        stage.expect("the feed answers", 200, answer.status_code)
        entries = [
            one for one in icalendar.Calendar.from_ical(answer.text).walk("VEVENT") if _year(one) == story.calendar.year
        ]
        days = sorted(str(_day(one)) for one in entries)
        wanted = (story.calendar.closes_on, story.calendar.session.date(), story.calendar.project.date())
        stage.expect("days in the feed:", [str(day) for day in wanted], days)
        stage.expect("the concert in the feed:", 1, sum(str(one["summary"]) == CONCERT.title for one in entries))


def _day(entry: Any) -> Any:
    begin = entry["dtstart"].dt
    return begin.date() if hasattr(begin, "date") else begin


def _year(entry: Any) -> int:
    return int(_day(entry).year)


async def _outsider(stage: Stage) -> None:
    heard = stage.outsider.heard
    async with stage.step(
        f"The library's system, listening on {SUBJECT}, has {len(heard)} messages: all that were public, in order, nobody's name among them."
    ):
        stored = await stage.outsider.replay()
        stage.expect("messages missed:", [], [one.subject for one in stored if one.id not in {one.id for one in heard}])
        stage.expect("messages in the streams:", len(stored), len(heard))
        causes = [one for one in heard if one.headers.get("ce-causationid") in {one.id for one in heard}]
        stage.expect("calendar entries that name their cause:", True, len(causes) >= 2)
