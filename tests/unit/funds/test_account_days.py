"""What the accounts of a budget held on each day: a movement into the past leaves none of them with less than nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.account_days import AccountDays
from services.funds.domain.ledger import Account, Posting, PostingKind, PostingLine
from services.funds.domain.refusals.budget import ValueDateTooEarly
from tests.support.funds import YEAR, a_posting

FIRST = date(YEAR, 1, 1)
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50)), max_size=12)


def moved(day: int, cents: int) -> Posting:
    lines = (PostingLine(Account.AVAILABLE, cents), PostingLine(Account.BLOCKED, -cents))
    return a_posting(*lines, kind=PostingKind.UNFREEZE, value_date=FIRST + timedelta(days=day))


def held_available(moves: list[tuple[int, int]], day: int) -> int:
    return sum(cents for on, cents in moves if on <= day)


@given(MOVES, st.integers(0, 9), st.integers(1, 60))
def test_what_is_taken_on_a_past_day_was_there_then_and_on_every_day_since(
    moves: list[tuple[int, int]], day: int, cents: int
) -> None:
    days = AccountDays()
    for move in moves:
        days.add(moved(*move))
    assert days.balances(FIRST + timedelta(days=day))[Account.AVAILABLE] == held_available(moves, day)
    # A day on which nothing moves holds what the one before it did.
    lowest = min(held_available(moves, on) for on in range(day, 10) if on == day or any(on == m[0] for m in moves))
    if lowest < cents:
        with pytest.raises(ValueDateTooEarly):
            days.require(moved(day, -cents))
    else:
        days.require(moved(day, -cents))
