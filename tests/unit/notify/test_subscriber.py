"""Signing up and leaving."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.facts import SubscriberConfirmed, SubscriberSuppressed, SubscriberUnsubscribed
from services.notify.domain.language import Language
from services.notify.domain.refusals import AskedTooOften, LinkOutdated, SubscriberErased
from services.notify.domain.subscriber import ASKS_A_DAY, ConsentAct, Subscriber, SubscriberStatus
from tests.support.notify import NOW, a_confirmed_subscriber, a_subscription, an_asked_subscriber

STATUSES = tuple(SubscriberStatus)


def test_nobody_hears_anything_before_confirming() -> None:
    assert an_asked_subscriber().found_by() == ()


def test_confirming_follows_what_was_asked_for_and_says_so_once() -> None:
    confirmed, said = an_asked_subscriber().confirm(1, NOW)
    assert confirmed.status is SubscriberStatus.CONFIRMED
    assert confirmed.subscriptions == (a_subscription(),)
    assert said == (SubscriberConfirmed(confirmed),)
    assert confirmed.confirm(1, NOW) == (confirmed, ())


def test_the_link_of_an_earlier_mail_does_not_confirm_what_was_asked_for_later() -> None:
    asked_again = an_asked_subscriber().ask((a_subscription("12"),), Language.EN, NOW)
    with pytest.raises(LinkOutdated):
        asked_again.confirm(1, NOW)
    assert asked_again.confirm(2, NOW)[0].subscriptions == (a_subscription("12"),)


def test_asking_in_the_name_of_a_confirmed_subscriber_changes_nothing_until_it_is_confirmed() -> None:
    before = a_confirmed_subscriber()
    asked = before.ask((a_subscription("12"),), Language.EN, NOW + timedelta(days=9))
    assert (asked.status, asked.subscriptions, asked.language) == (before.status, before.subscriptions, before.language)


def test_an_address_gets_three_confirmation_mails_a_day_at_most() -> None:
    subscriber = Subscriber("s", "114009", "ref", Language.DE)
    for _ in range(ASKS_A_DAY):
        subscriber = subscriber.ask((a_subscription(),), Language.DE, NOW)
    with pytest.raises(AskedTooOften):
        subscriber.ask((a_subscription(),), Language.DE, NOW + timedelta(hours=23))
    assert subscriber.ask((a_subscription(),), Language.DE, NOW + timedelta(days=1)).asks == ASKS_A_DAY + 1


def test_who_leaves_hears_nothing_any_more_and_may_come_back() -> None:
    left, said = a_confirmed_subscriber().unsubscribe(NOW)
    assert said == (SubscriberUnsubscribed(left),)
    assert left.found_by() == ()
    assert left.unsubscribe(NOW) == (left, ())
    back, _ = left.ask((a_subscription(),), Language.DE, NOW + timedelta(days=2)).confirm(2, NOW)
    assert back.status is SubscriberStatus.CONFIRMED


def test_the_consent_log_keeps_each_act_with_its_time_and_text() -> None:
    left, _ = a_confirmed_subscriber().unsubscribe(NOW + timedelta(days=1))
    assert [(c.act, c.at) for c in left.consents] == [
        (ConsentAct.ASKED, NOW),
        (ConsentAct.CONFIRMED, NOW),
        (ConsentAct.WITHDRAWN, NOW + timedelta(days=1)),
    ]
    assert all(c.text for c in left.consents)


def test_an_address_that_takes_no_mail_is_suppressed_once() -> None:
    suppressed, said = a_confirmed_subscriber().suppress()
    assert said == (SubscriberSuppressed(suppressed),)
    assert suppressed.suppress() == (suppressed, ())


def test_an_erased_subscriber_is_tied_to_nobody_and_stays_erased() -> None:
    erased = a_confirmed_subscriber().erase()
    assert erased.person_ref == erased.id
    for act in (
        lambda: erased.ask((a_subscription(),), Language.DE, NOW),
        lambda: erased.confirm(1, NOW),
        erased.erase,
    ):
        with pytest.raises(SubscriberErased):
            act()


@given(st.sampled_from(STATUSES), st.booleans())
def test_leaving_and_suppressing_end_only_what_has_begun(status: SubscriberStatus, leave: bool) -> None:
    subscriber = a_confirmed_subscriber(status=status)
    after, said = subscriber.unsubscribe(NOW) if leave else subscriber.suppress()
    begun = status in (SubscriberStatus.PENDING, SubscriberStatus.CONFIRMED)
    assert (after.status is not status) is begun
    assert bool(said) is begun


@given(st.lists(st.sampled_from(["ask", "confirm", "leave", "suppress"]), max_size=12))
def test_only_a_confirmed_subscriber_is_ever_found(acts: list[str]) -> None:
    subscriber, at = Subscriber("s", "114009", "ref", Language.DE), NOW
    for act in acts:
        at += timedelta(days=1)
        match act:
            case "ask":
                subscriber = subscriber.ask((a_subscription(),), Language.DE, at)
            case "confirm" if subscriber.asked:
                subscriber, _ = subscriber.confirm(subscriber.asked.number, at)
            case "leave":
                subscriber, _ = subscriber.unsubscribe(at)
            case "suppress":
                subscriber, _ = subscriber.suppress()
        assert bool(subscriber.found_by()) is (subscriber.status is SubscriberStatus.CONFIRMED)
