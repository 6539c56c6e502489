"""The year of a budget is closed: what keeps it open, what lapses, and what may still come."""

import pytest

from services.funds.domain.budget import BudgetStatus
from services.funds.domain.refusals.budget import BudgetHasOpenCommitments, BudgetNotPlanned, BudgetNotReleased
from tests.support.funds import a_budget, a_planned_budget, a_stamp, books, check_budget
from tests.support.funds_moves import MOVES


@pytest.mark.parametrize("move", [move for move in MOVES if not move.startswith("refund")])
def test_no_money_moves_after_the_year_is_closed(move: str) -> None:
    closed, _ = a_budget().close(a_stamp())
    with pytest.raises(BudgetNotReleased):
        MOVES[move](closed, 1, a_stamp())


def test_a_year_does_not_close_with_an_open_commitment() -> None:
    committed, _ = a_budget().commit(1, "g1", a_stamp())
    with pytest.raises(BudgetHasOpenCommitments):
        committed.close(a_stamp())


def test_a_year_closes_though_a_refund_is_owed_and_what_comes_then_lapses() -> None:
    book = books(100)
    for move in ("commit", "pay"):
        book.keep(MOVES[move](book.budget, 50, a_stamp()))
    book.keep(book.budget.refund_claimed(20, "g1", a_stamp()))
    closed, posting = book.budget.close(a_stamp())
    assert posting is not None
    book.keep((closed, posting))
    book.keep(book.budget.refund_claimed(5, "g1", a_stamp()))
    book.keep(book.budget.refund_received(25, "g1", a_stamp()))
    after = book.budget
    assert (after.status, after.available_cents, after.lapsed_cents) == (BudgetStatus.CLOSED, 0, 75)
    assert (after.paid_cents, after.receivable_cents) == (25, 0)
    assert check_budget(after, book.postings) == ()


def test_a_claim_of_a_closed_year_is_withdrawn_and_nothing_of_it_lapses() -> None:
    book = books(100)
    for move in ("commit", "pay"):
        book.keep(MOVES[move](book.budget, 50, a_stamp()))
    book.keep(book.budget.refund_claimed(20, "g1", a_stamp()))
    closed, posting = book.budget.close(a_stamp())
    assert posting is not None
    book.keep((closed, posting))
    book.keep(book.budget.refund_claim_withdrawn(20, "g1", a_stamp()))
    after = book.budget
    assert (after.paid_cents, after.receivable_cents, after.lapsed_cents, after.available_cents) == (50, 0, 50, 0)
    assert check_budget(after, book.postings) == ()


def test_closing_a_year_crosses_no_threshold() -> None:
    committed, _ = a_budget(100).commit(10, "g1", a_stamp())
    paid, _ = committed.pay(10, "g1", a_stamp())
    closed, _ = paid.close(a_stamp())
    assert closed.with_threshold()[1] == ()


def test_what_is_left_lapses_when_the_year_closes() -> None:
    frozen, _ = a_budget(100).freeze(30, a_stamp())
    closed, posting = frozen.close(a_stamp())
    assert closed.status is BudgetStatus.CLOSED
    assert (closed.available_cents, closed.blocked_cents, closed.lapsed_cents) == (0, 0, 100)
    assert posting is not None
    assert sum(line.amount_cents for line in posting.lines) == 0


def test_a_year_with_nothing_left_closes_without_a_posting() -> None:
    book = books(5)
    for move in ("commit", "pay"):
        book.keep(MOVES[move](book.budget, 5, a_stamp()))
    closed, posting = book.budget.close(a_stamp())
    assert (closed.status, posting, closed.postings) == (BudgetStatus.CLOSED, None, 3)


def test_a_planned_budget_closes_without_a_posting_and_is_not_released_any_more() -> None:
    closed, posting = a_planned_budget().close(a_stamp())
    assert (closed.status, posting) == (BudgetStatus.CLOSED, None)
    with pytest.raises(BudgetNotPlanned):
        closed.release(1, a_stamp())


def test_a_closed_budget_is_not_closed_again() -> None:
    closed, _ = a_budget().close(a_stamp())
    with pytest.raises(BudgetNotReleased):
        closed.close(a_stamp())
