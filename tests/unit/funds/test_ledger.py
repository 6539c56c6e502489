"""The proof of the ledger names whatever is not as it should be."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Account, Posting, PostingLine
from services.funds.domain.ledger_check import Difference, check_grant
from services.funds.domain.title import TitleYear
from tests.support.funds import YEAR, a_budget, a_stamp, a_title, books, check_budget, check_title
from tests.support.funds_grant import a_grant


def test_right_books_show_no_difference() -> None:
    book = books()
    book.keep(book.budget.commit(560_470, "g1", a_stamp()))
    assert check_budget(book.budget, book.postings) == ()


def test_a_balance_that_was_changed_by_hand_is_named() -> None:
    book = books()
    forged = replace(book.budget, available_cents=book.budget.available_cents + 1)
    assert check_budget(forged, book.postings) == (Difference(forged.id, "balance of available", 1_300_001, 1_300_000),)


def test_a_posting_that_does_not_sum_to_zero_is_named() -> None:
    book = books()
    lines = (*book.postings[0].lines, PostingLine(Account.PAID, 5))
    found = check_budget(book.budget, [replace(book.postings[0], lines=lines)])
    assert Difference(book.budget.id, "sum of posting 1", 5, 0) in found


def test_a_gap_in_the_numbers_is_named() -> None:
    book = books()
    for _ in range(2):
        book.keep(book.budget.freeze(1, a_stamp()))
    found = check_budget(book.budget, [book.postings[0], book.postings[2]])
    assert Difference(book.budget.id, "number at place 2", 3, 2) in found
    assert Difference(book.budget.id, "postings", 3, 2) in found


def test_a_value_date_outside_the_year_is_named() -> None:
    book = books()
    found = check_budget(book.budget, [replace(book.postings[0], value_date=date(YEAR + 1, 1, 1))])
    assert found == (Difference(book.budget.id, "year of the value date of posting 1", YEAR + 1, YEAR),)


def test_what_budgets_drew_is_what_the_title_gave() -> None:
    title = a_title().draw(YEAR, 1_300_000)
    assert check_title(title, [a_budget(1_300_000)]) == ()
    assert check_title(title, []) == (Difference(title.id, f"released in {YEAR}", 1_300_000, 0),)


def test_more_released_than_the_title_holds_is_named() -> None:
    title = a_title(years=(TitleYear(YEAR, 100, 101),))
    assert check_title(title, [a_budget(101)]) == (Difference(title.id, f"total of {YEAR}", 100, 101),)


def test_money_of_a_year_that_the_title_does_not_have_is_named() -> None:
    title = a_title(years=(TitleYear(YEAR - 1, 100),))
    assert check_title(title, [a_budget(7)]) == (Difference(title.id, f"released in {YEAR}", 0, 7),)


def of_a_grant() -> tuple[Grant, list[Posting]]:
    book = books()
    grant = a_grant(budget_id=book.budget.id)
    book.keep(book.budget.commit(50_000, grant.id, a_stamp()))
    book.keep(book.budget.pay(20_000, grant.id, a_stamp()))
    return replace(grant, paid_cents=20_000), book.postings[1:]


def test_a_grant_that_its_postings_bear_out_shows_no_difference() -> None:
    assert check_grant(*of_a_grant()) == ()


@pytest.mark.parametrize(
    ("forged", "what"),
    [
        ({"approved_cents": 50_001}, {"promised", "committed"}),
        ({"paid_cents": 20_001}, {"paid", "committed", "paid and not claimed back"}),
        ({"returned_cents": 5}, {"promised", "committed"}),
        ({"refund_claimed_cents": 5}, {"claimed back", "owed", "paid and not claimed back"}),
        ({"refunded_cents": 5}, {"refunded", "owed", "owed below zero"}),
        ({"budget_id": "another"}, {"committed", "committed in another budget"}),
    ],
)
def test_what_a_grant_says_and_its_postings_do_not_is_named(forged: dict[str, Any], what: set[str]) -> None:
    grant, postings = of_a_grant()
    found = check_grant(replace(grant, **forged), postings)
    assert {difference.what for difference in found} == what
    assert {difference.of_id for difference in found} == {grant.id}


def test_money_that_came_from_nowhere_is_named() -> None:
    lines = (PostingLine(Account.BROUGHT, 5), PostingLine(Account.AVAILABLE, -5))
    book = books()
    found = check_budget(book.budget, [replace(book.postings[0], lines=lines)])
    assert {"balance of brought above zero", "balance of available below zero"} <= {each.what for each in found}
