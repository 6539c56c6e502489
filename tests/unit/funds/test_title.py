"""A title never gives more than it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.reference import Reference, ReferenceKind
from services.funds.domain.refusals.title import TitleBelowReleased, TitleExceeded, TitleHasNoSuchYear
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


PAPER = Reference(ReferenceKind.RESOLUTION, "DS/1200/IX")


def test_a_supplement_changes_what_a_year_holds_and_names_its_paper() -> None:
    title = a_title(years=(TitleYear(YEAR, 100), TitleYear(YEAR + 1, 50))).draw(YEAR, 80).revise(YEAR, 90, PAPER)
    assert title.years == (TitleYear(YEAR, 90, 80), TitleYear(YEAR + 1, 50))
    assert title.references == (PAPER,)
    assert title.draw(YEAR, 10).revise(YEAR, 120, PAPER).references == (PAPER,)
    with pytest.raises(TitleHasNoSuchYear):
        title.revise(YEAR + 2, 1, PAPER)


def test_a_title_is_never_cut_below_what_budgets_have_drawn() -> None:
    drawn = a_title(100).draw(YEAR, 80)
    assert drawn.revise(YEAR, 80, PAPER).of_year(YEAR).total_cents == 80
    with pytest.raises(TitleBelowReleased) as refused:
        drawn.revise(YEAR, 79, PAPER)
    assert refused.value.details == {"released_cents": "80"}


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
