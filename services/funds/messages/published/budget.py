"""What funds says of budgets and their ledgers."""

from datetime import date

from chassis.envelope import Body, Published
from services.funds.messages.published.reference import ReferenceState

WHY = "The city publishes its budgets and where each cent of them is."


class BudgetState(Body):
    """`postings` is the number of the last posting; every amount is in cents.

    released + brought (from the year before) = available + blocked + committed + paid + carried + receivable + lapsed.
    """

    id: str
    region: str
    fund_id: str
    title_id: str
    year: int
    office_actor_id: str
    status: str
    planned_cents: int
    released_cents: int
    available_cents: int
    blocked_cents: int
    committed_cents: int
    paid_cents: int
    carried_cents: int
    receivable_cents: int
    lapsed_cents: int
    postings: int
    threshold_percent: int
    references: tuple[ReferenceState, ...]
    brought_cents: int = 0


class BudgetPlanned(Published, audience="pub", why=WHY):
    """A budget is foreseen for a fund, a region and a year; no money is there yet."""

    state: BudgetState


class BudgetReleased(Published, audience="pub", why=WHY):
    """Money of a title was released into a budget."""

    state: BudgetState
    amount_cents: int


class BudgetFrozen(Published, audience="pub", why=WHY):
    """A part of what is available was locked."""

    state: BudgetState
    amount_cents: int


class BudgetUnfrozen(Published, audience="pub", why=WHY):
    """A part of what was locked is available again."""

    state: BudgetState
    amount_cents: int


class BudgetCut(Published, audience="pub", why=WHY):
    """A part of what was available went back to the title."""

    state: BudgetState
    amount_cents: int


class BudgetRaised(Published, audience="pub", why=WHY):
    """More money of the title came into a released budget."""

    state: BudgetState
    amount_cents: int


class BudgetClosed(Published, audience="pub", why=WHY):
    """The budget's year ended; what was left lapsed."""

    state: BudgetState


class BudgetThresholdReached(Published, audience="pub", why=WHY):
    """So many percent (80 or 100) of the budget are committed or paid, for the first time or again."""

    state: BudgetState
    percent: int


class PostingLineState(Body):
    account: str
    amount_cents: int


class LedgerPosted(Published, audience="pub", why=WHY):
    """Money moved between the accounts of a budget. The lines sum to zero; numbers run 1, 2, 3 … in each budget.

    `grant_id` is empty where no grant is meant; `reverses` is the number of the posting that this one undoes, or 0. What is
    carried into the next year is said twice, once of each budget, and each names the other's posting as its counterpart.
    The accounts `title` and `brought` are where money comes from: their balances are negative.
    """

    state: BudgetState
    number: int
    kind: str
    value_date: date
    lines: tuple[PostingLineState, ...]
    grant_id: str
    reverses: int
    counterpart_budget_id: str = ""
    counterpart_number: int = 0
