"""A title never gives more than it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.refusals.title import TitleExceeded, TitleHasNoSuchYear
from services.funds.domain.title import TitleYear
from tests.support.funds import YEAR, a_title


def test_a_title_gives_all_that_it_holds_and_no_cent_more() -> None:
    drawn = a_title(100).draw(YEAR, 100)
    with pytest.raises(TitleExceeded) as refused:
        drawn.draw(YEAR, 1)
    assert refused.value.details == {"left_cents": "0"}


def test_each_year_of_a_double_budget_has_its_own_money() -> None:
    title = a_title(years=(TitleYear(YEAR, 100), TitleYear(YEAR + 1, 50))).draw(YEAR + 1, 50)
    assert title.years == (TitleYear(YEAR, 100, 0), TitleYear(YEAR + 1, 50, 50))


def test_a_title_has_no_money_in_other_years() -> None:
    with pytest.raises(TitleHasNoSuchYear):
        a_title().draw(YEAR + 1, 1)


@given(st.lists(st.integers(-50, 80)))
def test_released_never_exceeds_the_total(amounts: list[int]) -> None:
    title = a_title(200)
    for amount in amounts:
        if title.years[0].released_cents + amount < 0:
            continue
        try:
            title = title.draw(YEAR, amount)
        except TitleExceeded:
            continue
        assert 0 <= title.years[0].released_cents <= 200
