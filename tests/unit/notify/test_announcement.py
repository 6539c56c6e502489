"""Announcements from draft to withdrawal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.refusals import Refusal
from services.notify.domain.announcement import Announcement, AnnouncementStatus, AnnouncementText
from services.notify.domain.facts import AnnouncementPublished, AnnouncementWithdrawn
from services.notify.domain.language import Language
from services.notify.domain.refusals import HomeRegionOutside, PublishAtNotAhead, TextTwice, UntilNotAfter
from tests.support.notify import NOW, an_announcement

SOON = NOW + timedelta(hours=1)
ACTS: dict[str, Callable[[Announcement], object]] = {
    "write": lambda a: a.write(a.texts, (), (), None),
    "schedule": lambda a: a.schedule(SOON, NOW),
    "publish": lambda a: a.publish(NOW),
    "withdraw": lambda a: a.withdraw("Falsches Datum"),
}
ALLOWED = {
    AnnouncementStatus.DRAFT: {"write", "schedule", "publish", "withdraw"},
    AnnouncementStatus.SCHEDULED: {"schedule", "publish", "withdraw"},
    AnnouncementStatus.PUBLISHED: {"withdraw"},
    AnnouncementStatus.WITHDRAWN: set[str](),
}


@pytest.mark.parametrize("status", AnnouncementStatus)
@pytest.mark.parametrize("act", ACTS)
def test_what_the_state_does_not_allow_is_refused_with_its_reason(status: AnnouncementStatus, act: str) -> None:
    announcement = an_announcement(status=status)
    if act in ALLOWED[status]:
        ACTS[act](announcement)
        return
    with pytest.raises(Refusal) as refused:
        ACTS[act](announcement)
    assert refused.value.reason.startswith("ANNOUNCEMENT_NOT_")
    assert status.value in refused.value.sentence


def test_publishing_says_it_and_shows_it_until_it_ends() -> None:
    published, said = an_announcement(until=SOON).publish(NOW)
    assert said == AnnouncementPublished(published)
    assert published.is_shown(NOW)
    assert not published.is_shown(SOON)


def test_the_public_hears_of_a_withdrawal_only_if_it_had_heard_of_the_announcement() -> None:
    published, _ = an_announcement().publish(NOW)
    withdrawn, said = published.withdraw("Falsches Datum")
    assert said == (AnnouncementWithdrawn(withdrawn, "Falsches Datum"),)
    assert an_announcement().withdraw("Doppelt")[1] == ()


def test_it_is_scheduled_for_what_lies_ahead_and_before_its_end() -> None:
    with pytest.raises(PublishAtNotAhead):
        an_announcement().schedule(NOW, NOW)
    with pytest.raises(UntilNotAfter):
        an_announcement(until=SOON).schedule(SOON, NOW)
    with pytest.raises(UntilNotAfter):
        an_announcement(until=NOW).publish(NOW)


def test_it_has_one_text_for_each_language_and_its_home_among_its_regions() -> None:
    draft = an_announcement()
    with pytest.raises(TextTwice):
        replace(draft, texts=draft.texts * 2)
    with pytest.raises(HomeRegionOutside):
        replace(draft, regions=("12",))


def test_a_reader_gets_the_own_language_or_else_the_first_text_that_there_is() -> None:
    german = an_announcement().texts[0]
    english = AnnouncementText(Language.EN, "Street festival", "The street is closed on Saturday.")
    assert an_announcement(texts=(german, english)).text_in(Language.EN) is english
    assert an_announcement().text_in(Language.EN) == german
