"""What holds the sums: the ledger, its budgets and titles, and the turn of a year."""

from tests.invariants.guard import DOMAIN, UNIT, Guard

MONEY = (
    Guard(
        "every posting sums to zero",
        f"{DOMAIN}/ledger.py",
        "PostingLine(source, -sum(parts.values()))",
        "PostingLine(source, 1 - sum(parts.values()))",
        f"{UNIT}/test_money_life.py",
    ),
    Guard(
        "no account goes below zero",
        f"{DOMAIN}/budget.py",
        "line.amount_cents < 0 and kept[line.account] < 0",
        "line.amount_cents < 0 and kept[line.account] < -(10**12)",
        f"{UNIT}/test_budget.py::test_a_budget_never_promises_more_than_it_holds",
    ),
    Guard(
        "no money is taken on a past day that did not have it",
        f"{DOMAIN}/account_days.py",
        "for day in (posting.value_date, *later):",
        "for day in later:",
        f"{UNIT}/test_account_days.py::test_what_is_taken_on_a_past_day_was_there_then_and_on_every_day_since",
    ),
    Guard(
        "a pot gives what its own year was asked for",
        f"{DOMAIN}/funding_round.py",
        "if year < self.year or (year > self.year and not later):",
        "if year < self.year:",
        f"{UNIT}/test_funding_round.py::test_a_pot_of_a_later_year_gives_what_was_put_off_or_what_its_own_year_left_behind",
    ),
    Guard(
        "what was never released is not released after its year was closed",
        f"{DOMAIN}/budget.py",
        "if self.status is BudgetStatus.CLOSED:\n            raise",
        "if self.status is not BudgetStatus.RELEASED:\n            raise",
        f"{UNIT}/test_closed_year.py::test_a_planned_budget_closes_without_a_posting_and_is_not_released_any_more",
    ),
    Guard(
        "kept balances are those of the ledger",
        f"{DOMAIN}/budget.py",
        "kept[line.account] += line.amount_cents",
        "kept[line.account] += line.amount_cents * (line.account is not Account.PAID)",
        f"{UNIT}/test_budget.py::test_whatever_is_tried_the_ledger_proves_the_kept_balances",
    ),
    Guard(
        "a closed year has no open commitment",
        f"{DOMAIN}/budget.py",
        "if self.committed_cents:",
        "if self.committed_cents < 0:",
        f"{UNIT}/test_closed_year.py::test_a_year_does_not_close_with_an_open_commitment",
    ),
    Guard(
        "what comes back into a closed year is carried on",
        "services/funds/usecases/grant_money.py",
        "while budget.year < home.year or budget.status is BudgetStatus.CLOSED:",
        "while budget.year < home.year:",
        "tests/component/funds/test_coming_back.py::"
        "test_what_comes_back_when_the_year_is_closed_and_the_grant_settled_is_paid_from_the_next_year",
    ),
    Guard(
        "released is not above the title",
        f"{DOMAIN}/title.py",
        "if released > of_year.total_cents:",
        "if released > 10**15:",
        f"{UNIT}/test_title.py::test_released_never_exceeds_the_total",
    ),
    Guard(
        "the parts of a total sum exactly",
        f"{DOMAIN}/allocation.py",
        "for key in by_remainder[:left]:",
        "for key in by_remainder[: left - 1]:",
        f"{UNIT}/test_allocation.py::test_the_parts_sum_exactly_and_are_within_a_cent_of_their_share",
    ),
)
