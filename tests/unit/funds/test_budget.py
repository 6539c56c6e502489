"""A budget: what is promised, paid and left is always what its ledger says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.ledger import Account, balances
from services.funds.domain.refusals.budget import (
    AmountNotPositive,
    BudgetExceeded,
    BudgetNotPlanned,
    BudgetNotReleased,
    NotSoMuch,
    PostingIsReversed,
    PostingOfGrant,
    ValueDateOutsideYear,
)
from tests.support.funds import YEAR, a_budget, a_planned_budget, a_stamp, books, check_budget
from tests.support.funds_moves import MOVES


def test_a_budget_never_promises_more_than_it_holds() -> None:
    with pytest.raises(BudgetExceeded) as refused:
        a_budget(100).commit(101, "g1", a_stamp())
    assert refused.value.details == {"available_cents": "100"}


def test_the_last_cent_can_be_promised() -> None:
    budget, posting = a_budget(100).commit(100, "g1", a_stamp())
    assert (budget.available_cents, budget.committed_cents) == (0, 100)
    assert posting.grant_id == "g1"


@pytest.mark.parametrize("move", MOVES)
def test_no_money_moves_before_the_release(move: str) -> None:
    with pytest.raises(BudgetNotReleased):
        MOVES[move](a_planned_budget(), 1, a_stamp())


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("cents", [0, -1])
def test_an_amount_is_above_zero(move: str, cents: int) -> None:
    with pytest.raises(AmountNotPositive):
        MOVES[move](a_budget(), cents, a_stamp())


@pytest.mark.parametrize("day", [date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)])
def test_a_value_date_lies_within_the_year_of_the_budget(day: date) -> None:
    with pytest.raises(ValueDateOutsideYear):
        a_budget().freeze(1, a_stamp(value_date=day))


@pytest.mark.parametrize("day", [date(YEAR, 1, 1), date(YEAR, 12, 31)])
def test_the_first_and_the_last_day_of_the_year_count(day: date) -> None:
    _, posting = a_budget().freeze(1, a_stamp(value_date=day))
    assert posting.value_date == day


def test_a_budget_is_released_once() -> None:
    with pytest.raises(BudgetNotPlanned):
        a_budget().release(1, a_stamp())


def test_a_cut_never_takes_what_is_committed_or_blocked() -> None:
    budget, _ = a_budget(100).commit(60, "g1", a_stamp())
    budget, _ = budget.freeze(30, a_stamp())
    with pytest.raises(BudgetExceeded):
        budget.cut(11, a_stamp())
    cut, _ = budget.cut(10, a_stamp())
    assert cut.released_cents == 90


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        ("unfreeze", "BLOCKED_EXCEEDED"),
        ("uncommit", "COMMITTED_EXCEEDED"),
        ("pay", "COMMITTED_EXCEEDED"),
        ("refund_claimed", "PAID_EXCEEDED"),
        ("refund_received", "RECEIVABLE_EXCEEDED"),
        ("refund_claim_withdrawn", "RECEIVABLE_EXCEEDED"),
    ],
)
def test_no_account_goes_below_zero(move: str, reason: str) -> None:
    with pytest.raises(NotSoMuch) as refused:
        MOVES[move](a_budget(), 1, a_stamp())
    assert refused.value.reason == reason


def test_what_a_grant_brought_from_last_year_lapses_when_it_is_not_used() -> None:
    budget, _ = a_budget(100).bring_forward(40, "g1", a_stamp(), a_planned_budget(year=YEAR - 1))
    returned, posting = budget.uncommit(40, "g1", a_stamp(), lapsing_cents=40)
    assert (returned.available_cents, returned.lapsed_cents, returned.brought_cents) == (100, 40, 40)
    assert {line.account for line in posting.lines} == {Account.COMMITTED, Account.LAPSED}


@pytest.mark.parametrize("move", [move for move in MOVES if "refund" in move or move in ("commit", "uncommit", "pay")])
def test_what_belongs_to_a_grant_is_not_reversed_and_the_sentence_says_what_to_do(move: str) -> None:
    book = books(100)
    for each in ("commit", "commit", "pay", "refund_claimed"):
        book.keep(MOVES[each](book.budget, 10 if each != "refund_claimed" else 5, a_stamp()))
    _, posting = MOVES[move](book.budget, 5, a_stamp())
    with pytest.raises(PostingOfGrant) as refused:
        book.budget.reverse(posting, a_stamp())
    assert refused.value.details == {"grant_id": "g1", "kind": move}
    assert str(refused.value).count(".") >= 1


def test_a_reversal_restores_the_balances_and_names_what_it_undoes() -> None:
    before = a_budget()
    frozen, posting = before.freeze(70, a_stamp())
    after, reversal = frozen.reverse(posting, a_stamp(reason="mistyped"))
    assert after.available_cents == before.available_cents
    assert (reversal.reverses, reversal.reason, reversal.number) == (posting.number, "mistyped", 3)


def test_a_reversal_cannot_be_reversed() -> None:
    frozen, posting = a_budget().freeze(70, a_stamp())
    after, reversal = frozen.reverse(posting, a_stamp())
    with pytest.raises(PostingIsReversed):
        after.reverse(reversal, a_stamp())


def test_a_reversal_does_not_take_money_that_is_promised() -> None:
    book = books(100)
    book.keep(book.budget.raised(50, a_stamp()))
    book.keep(book.budget.commit(101, "g1", a_stamp()))
    with pytest.raises(BudgetExceeded):
        book.budget.reverse(book.postings[1], a_stamp())


def test_thresholds_are_said_once_for_each_crossing_upwards() -> None:
    said = []
    budget = a_budget(100)
    for move, cents in (("commit", 79), ("commit", 1), ("pay", 50), ("commit", 20), ("uncommit", 30), ("commit", 30)):
        budget, _ = MOVES[move](budget, cents, a_stamp())
        budget, crossed = budget.with_threshold()
        said.append(crossed)
    assert said == [(), (80,), (), (100,), (), (80, 100)]


def test_one_step_may_cross_both_thresholds() -> None:
    budget, _ = a_budget(100).commit(100, "g1", a_stamp())
    assert budget.with_threshold()[1] == (80, 100)


def test_an_empty_budget_has_reached_nothing() -> None:
    assert a_planned_budget().with_threshold()[1] == ()


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 500)), max_size=30))
def test_whatever_is_tried_the_ledger_proves_the_kept_balances(steps: list[tuple[str, int]]) -> None:
    book = books(1_000)
    for move, cents in steps:
        try:
            book.keep(MOVES[move](book.budget, cents, a_stamp()))
        except (BudgetExceeded, NotSoMuch):
            continue
    assert check_budget(book.budget, book.postings) == ()
    assert all(sum(line.amount_cents for line in posting.lines) == 0 for posting in book.postings)
    assert all(cents >= 0 for account, cents in balances(book.postings).items() if account is not Account.TITLE)
    assert book.budget.available_cents >= 0
