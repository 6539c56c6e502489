"""Proving the ledger: everything recomputed from the postings alone, and every difference named."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.funds.domain.budget import Budget
from services.funds.domain.ledger import Account, Posting, balances
from services.funds.domain.title import BudgetTitle


@dataclass(frozen=True, slots=True)
class Difference:
    """`of_id` is the budget's or the title's; `kept` is what stands there, `computed` what should (cents, or numbers)."""

    of_id: str
    what: str
    kept: int
    computed: int


def check_budget(budget: Budget, postings: Iterable[Posting]) -> tuple[Difference, ...]:
    """`postings` are all of the budget, in the order of their numbers."""
    found: list[Difference] = []
    seen: list[Posting] = []
    for expected, posting in enumerate(postings, start=1):
        seen.append(posting)
        if posting.number != expected:
            found.append(Difference(budget.id, f"number at place {expected}", posting.number, expected))
        if total := sum(line.amount_cents for line in posting.lines):
            found.append(Difference(budget.id, f"sum of posting {posting.number}", total, 0))
        if posting.value_date.year != budget.year:
            what = f"year of the value date of posting {posting.number}"
            found.append(Difference(budget.id, what, posting.value_date.year, budget.year))
    if len(seen) != budget.postings:
        found.append(Difference(budget.id, "postings", budget.postings, len(seen)))
    return (*found, *_balances_of(budget, seen))


def _balances_of(budget: Budget, postings: list[Posting]) -> Iterable[Difference]:
    for account, computed in balances(postings).items():
        kept = budget.balance_cents(account)
        if kept != computed:
            yield Difference(budget.id, f"balance of {account}", kept, computed)
        if account is not Account.TITLE and computed < 0:
            yield Difference(budget.id, f"balance of {account} below zero", computed, 0)


def check_title(title: BudgetTitle, budgets: Iterable[Budget]) -> tuple[Difference, ...]:
    """`budgets` are all that draw from the title."""
    found: list[Difference] = []
    drawn = dict.fromkeys((y.year for y in title.years), 0)
    for budget in budgets:
        drawn[budget.year] = drawn.get(budget.year, 0) + budget.released_cents
    for of_year in title.years:
        computed = drawn.pop(of_year.year)
        if of_year.released_cents != computed:
            found.append(Difference(title.id, f"released in {of_year.year}", of_year.released_cents, computed))
        if computed > of_year.total_cents:
            found.append(Difference(title.id, f"total of {of_year.year}", of_year.total_cents, computed))
    found.extend(Difference(title.id, f"released in {year}", 0, cents) for year, cents in drawn.items() if cents)
    return tuple(found)
