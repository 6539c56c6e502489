"""One letter, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.facts import NotificationFailed
from services.notify.domain.notification import (
    DELAYS,
    Ending,
    Notification,
    NotificationStatus,
    Outcome,
    Recipient,
    Source,
    notification_id,
)
from services.notify.domain.refusals import NotificationNotSending
from services.notify.domain.subscriber import Channel
from services.notify.domain.template import Template
from tests.support.notify import NOW, a_notification, a_piece_of_news

LEASE = timedelta(minutes=1)
LATER = Outcome(Ending.POSTPONED, "POST_AWAY")


def claimed(notification: Notification | None = None) -> Notification:
    taken = (notification or a_notification()).claim(NOW, LEASE)
    assert taken
    return taken


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(Template), st.sampled_from(Source))
def test_the_same_cause_person_and_template_are_the_same_notification(
    cause: str, ref: str, template: Template, source: Source
) -> None:
    def made() -> str:
        return notification_id(cause, Recipient(source, ref), Channel.EMAIL, template)

    assert made() == made()
    assert made() != notification_id(cause + "x", Recipient(source, ref), Channel.EMAIL, template)
    assert made() != notification_id(cause, Recipient(source, ref + "x"), Channel.EMAIL, template)


def test_what_one_sender_has_taken_no_other_takes_while_its_lease_runs() -> None:
    taken = claimed()
    assert taken.claim(NOW + LEASE - timedelta(seconds=1), LEASE) is None
    again = taken.claim(NOW + LEASE, LEASE)
    assert again
    assert again.attempts == 2


def test_it_is_held_only_while_the_post_can_be_done_before_another_takes_it() -> None:
    taken, carrying = claimed(), timedelta(seconds=20)
    last = taken.due_at - carrying
    assert taken.is_held(last - timedelta(seconds=1), carrying)
    assert not taken.is_held(last, carrying)
    assert not taken.is_held(taken.due_at - timedelta(seconds=1), carrying)


def test_what_is_not_due_is_not_taken() -> None:
    assert a_notification(due_at=NOW + timedelta(seconds=1)).claim(NOW, LEASE) is None


def test_a_temporary_failure_is_tried_again_with_growing_delay_and_then_given_up() -> None:
    notification, now, waited = a_notification(), NOW, []
    for _ in range(len(DELAYS)):
        taken = notification.claim(now, LEASE)
        assert taken
        notification, said = taken.settle(LATER, NOW, now)
        assert not said
        waited.append(notification.due_at - now)
        now = notification.due_at
    assert tuple(waited) == DELAYS == tuple(sorted(DELAYS))
    last = notification.claim(now, LEASE)
    assert last
    failed, said = last.settle(LATER, NOW, now)
    assert failed.status is NotificationStatus.FAILED
    assert said == (NotificationFailed(failed),)


@given(
    st.sampled_from([s for s in NotificationStatus if s is not NotificationStatus.SENDING]),
    st.sampled_from([ending for ending in Ending if ending is not Ending.DELIVERED]),
)
def test_only_what_is_being_sent_can_be_settled(status: NotificationStatus, ending: Ending) -> None:
    with pytest.raises(NotificationNotSending):
        a_notification(status=status).settle(Outcome(ending, "X"), NOW, NOW)


@given(st.sampled_from([s for s in NotificationStatus if s is not NotificationStatus.DELIVERED]))
def test_what_went_out_is_delivered_whatever_a_later_try_came_to(status: NotificationStatus) -> None:
    first = claimed()
    meanwhile = replace(first, status=status, attempts=2, reason="POST_AWAY", settled_at=NOW)
    assert meanwhile.is_tried_by(first, Ending.DELIVERED)
    assert not meanwhile.is_tried_by(first, Ending.POSTPONED)
    delivered, said = meanwhile.settle(Outcome(Ending.DELIVERED), NOW + LEASE, NOW + LEASE)
    assert (delivered.status, delivered.reason) == (NotificationStatus.DELIVERED, "")
    assert (delivered.settled_at, said) == (NOW + LEASE, ())
    assert delivered.claim(NOW + timedelta(days=365), LEASE) is None


def test_what_is_delivered_is_not_delivered_again() -> None:
    delivered, _ = claimed().settle(Outcome(Ending.DELIVERED), NOW, NOW)
    assert not delivered.is_tried_by(claimed(), Ending.DELIVERED)
    with pytest.raises(NotificationNotSending):
        delivered.settle(Outcome(Ending.DELIVERED), NOW, NOW)


@given(st.sampled_from([Ending.DELIVERED, Ending.REFUSED, Ending.DROPPED]))
def test_what_is_settled_is_never_taken_again(ending: Ending) -> None:
    settled, said = claimed().settle(Outcome(ending, "REASON"), NOW, NOW)
    assert not settled.is_open
    assert settled.settled_at == NOW
    assert settled.claim(NOW + timedelta(days=365), LEASE) is None
    assert bool(said) is (ending is Ending.REFUSED)


def test_a_letter_is_past_from_the_instant_on_until_which_it_was_of_use() -> None:
    notification = a_notification(valid_until=NOW)
    assert not notification.is_past(NOW - timedelta(seconds=1))
    assert notification.is_past(NOW)
    assert not a_notification().is_past(NOW + timedelta(days=10_000))


def test_a_queued_letter_keeps_the_version_of_its_template() -> None:
    news = a_piece_of_news()
    queued = Notification.queue(news, Recipient(Source.NOTIFY, "s"), NOW, NOW)
    assert queued.template_version == news.template.version
