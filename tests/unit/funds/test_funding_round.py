"""A round: its days, its frozen rules, what it takes until when, and every step from plan to result."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.funding_round import FundingRound, RoundStatus, plan_round, receiving_round
from services.funds.domain.refusals.application import RoundClosed, RoundIsCancelled, RoundNotOpen
from services.funds.domain.refusals.funding_round import (
    BudgetOfAnotherYear,
    RoundDatesWrong,
    RoundInState,
    RoundNotOver,
    RoundOver,
)
from tests.support.funds import YEAR, a_fund, a_round, rules
from tests.support.funds_decision import RECEIVED, a_draft

BEFORE = datetime(YEAR - 1, 12, 1, tzinfo=UTC)
LATER = date(YEAR, 2, 5)
SESSION = datetime(YEAR, 2, 10, 17, 0, tzinfo=UTC)

STEPS: dict[str, tuple[set[RoundStatus], RoundStatus | None, Callable[[FundingRound], FundingRound]]] = {
    "open": ({RoundStatus.PLANNED}, RoundStatus.OPEN, lambda r: r.opened(a_fund())),
    "close": ({RoundStatus.OPEN}, RoundStatus.CLOSED, FundingRound.closed),
    "reopen": ({RoundStatus.CLOSED}, RoundStatus.OPEN, lambda r: r.reopened(LATER, BEFORE)),
    "reschedule": (
        {RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED},
        None,
        lambda r: r.rescheduled(r.opens_on, r.closes_on, SESSION, BEFORE),
    ),
    "deciding": ({RoundStatus.CLOSED}, RoundStatus.DECIDING, FundingRound.deciding),
    "decide": ({RoundStatus.CLOSED, RoundStatus.DECIDING}, RoundStatus.DECIDED, FundingRound.decided),
    "publish": ({RoundStatus.DECIDED}, RoundStatus.PUBLISHED, FundingRound.published),
    "cancel": (
        {RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED},
        RoundStatus.CANCELLED,
        lambda r: r.cancelled("kein Geld"),
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", RoundStatus)
def test_a_step_is_possible_from_its_states_alone(step: str, status: RoundStatus) -> None:
    allowed, after, take = STEPS[step]
    funding_round = replace(a_round(), status=status)
    if status in allowed:
        assert take(funding_round).status is (after or status)
        return
    with pytest.raises(RoundInState) as refused:
        take(funding_round)
    assert refused.value.reason == f"ROUND_{status.upper()}"


def test_the_rules_are_frozen_at_the_opening() -> None:
    fund = a_fund()
    opened = a_round().opened(fund)
    fund.with_rules(rules(cap_cents=1))
    assert (opened.rules, opened.rules_version) == (fund.rules, 1)


def test_a_reopened_round_keeps_its_rules() -> None:
    closed = a_round().opened(a_fund()).closed()
    reopened = closed.reopened(LATER, BEFORE)
    assert (reopened.rules, reopened.closes_on) == (closed.rules, LATER)


def test_a_deadline_ends_at_midnight_in_berlin() -> None:
    funding_round = a_round()
    assert funding_round.closes_at == datetime(YEAR, 1, 22, 23, 0, tzinfo=UTC)
    assert funding_round.takes_applications_at(funding_round.closes_at - timedelta(milliseconds=1))
    assert not funding_round.takes_applications_at(funding_round.closes_at)


def test_what_comes_before_the_first_day_is_early() -> None:
    funding_round = a_round()
    assert not funding_round.takes_applications_at(funding_round.opens_at - timedelta(milliseconds=1))
    assert funding_round.takes_applications_at(funding_round.opens_at)


@pytest.mark.parametrize(
    ("closes_on", "closes_at"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_days_when_summer_time_begins_and_ends_close_at_their_own_midnight(
    closes_on: date, closes_at: datetime
) -> None:
    moved = a_round().rescheduled(date(YEAR, 1, 4), closes_on, None, BEFORE)
    assert moved.closes_at == closes_at


def test_a_round_does_not_close_before_it_opens() -> None:
    with pytest.raises(RoundDatesWrong):
        _planned(opens_on=date(YEAR, 1, 22), closes_on=date(YEAR, 1, 21))


def test_a_round_of_one_day_is_possible() -> None:
    planned = _planned(opens_on=date(YEAR, 1, 22), closes_on=date(YEAR, 1, 22))
    assert planned.closes_at - planned.opens_at == timedelta(days=1)


def test_a_deadline_that_has_passed_cannot_be_planned() -> None:
    with pytest.raises(RoundDatesWrong):
        _planned(opens_on=date(YEAR - 1, 1, 1), closes_on=date(YEAR - 1, 11, 30))


def test_an_open_round_keeps_its_first_day() -> None:
    opened = a_round().opened(a_fund())
    with pytest.raises(RoundOver):
        opened.rescheduled(date(YEAR, 1, 5), opened.closes_on, None, BEFORE)


def test_a_closed_round_moves_its_session_only() -> None:
    closed = a_round().opened(a_fund()).closed()
    session_at = datetime(YEAR, 2, 10, 17, 0, tzinfo=UTC)
    moved = closed.rescheduled(closed.opens_on, closed.closes_on, session_at, datetime(YEAR, 1, 25, tzinfo=UTC))
    assert moved.session_at == session_at
    with pytest.raises(RoundOver):
        closed.rescheduled(closed.opens_on, LATER, None, BEFORE)


def test_nothing_is_decided_before_the_last_moment_of_the_round_by_the_calendar() -> None:
    planned = a_round()
    a_second = timedelta(seconds=1)
    for timers_fired in (planned, planned.opened(a_fund())):
        for at, reason in (
            (planned.opens_at - a_second, "ROUND_PLANNED"),
            (planned.opens_at, "ROUND_OPEN"),
            (planned.closes_at - a_second, "ROUND_OPEN"),
        ):
            with pytest.raises(RoundNotOver) as refused:
                timers_fired.require_over(at)
            assert refused.value.reason == reason
        timers_fired.require_over(planned.closes_at)
    planned.opened(a_fund()).closed().require_over(planned.opens_at)


def test_a_pot_of_a_later_year_gives_what_was_put_off_or_what_its_own_year_left_behind() -> None:
    closed = a_round().opened(a_fund()).closed()
    in_year, after = datetime(YEAR, 12, 31, 12, tzinfo=UTC), datetime(YEAR + 1, 1, 1, 12, tzinfo=UTC)
    closed.require_pot_of(YEAR, in_year, put_off=False)
    closed.require_pot_of(YEAR + 1, in_year, put_off=True)
    closed.require_pot_of(YEAR + 1, after, put_off=False)
    with pytest.raises(BudgetOfAnotherYear):
        closed.require_pot_of(YEAR + 1, in_year, put_off=False)
    for put_off in (True, False):
        with pytest.raises(BudgetOfAnotherYear):
            closed.require_pot_of(YEAR - 1, after, put_off=put_off)


@given(st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31)), st.integers(0, 200))
def test_every_day_from_the_first_to_the_last_is_within_the_round(first: date, days: int) -> None:
    planned = _planned(opens_on=first, closes_on=first + timedelta(days=days))
    hours = (planned.closes_at - planned.opens_at) / timedelta(hours=1)
    assert abs(hours - 24 * (days + 1)) <= 1


def _planned(opens_on: date, closes_on: date) -> FundingRound:
    return plan_round(
        a_fund(),
        id="r",
        budget_id="b",
        region="114009",
        year=YEAR,
        name="a round",
        opens_on=opens_on,
        closes_on=closes_on,
        session_at=None,
        at=BEFORE,
    )


def test_a_round_takes_applications_until_its_last_instant() -> None:
    asked = a_round(status=RoundStatus.OPEN)
    assert receiving_round(asked, None, asked.closes_at - timedelta(milliseconds=1)) == (asked, False)
    with pytest.raises(RoundClosed):
        receiving_round(asked, None, asked.closes_at)


def test_what_is_late_goes_to_the_next_round_though_no_timer_has_closed_the_first() -> None:
    asked = a_round(status=RoundStatus.OPEN)
    later = a_round(name="second", closes_at=asked.closes_at + timedelta(days=30))
    assert receiving_round(asked, later, asked.closes_at) == (later, True)
    with pytest.raises(RoundClosed):
        receiving_round(asked, later, later.closes_at)
    submitted = a_draft().submit(later, rules(), "contact", "anna", RECEIVED)
    assert (submitted.round_id, submitted.round_name) == (later.id, "second")


def test_a_round_that_has_begun_takes_applications_before_its_timer_has_opened_it() -> None:
    asked = a_round(status=RoundStatus.PLANNED)
    assert receiving_round(asked, None, asked.opens_at) == (asked, False)
    with pytest.raises(RoundNotOpen):
        receiving_round(asked, None, asked.opens_at - timedelta(milliseconds=1))


def test_a_cancelled_round_takes_nothing() -> None:
    with pytest.raises(RoundIsCancelled):
        receiving_round(a_round(status=RoundStatus.CANCELLED), a_round(), RECEIVED)
